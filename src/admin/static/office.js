// Every page works without this.

// Keeps the number of waiting wishes, and the page that shows them, up to date.
(function () {
  "use strict";
  var badge = document.querySelector("[data-count='/releases']");
  if (!badge || !window.EventSource) return;
  var known = null;

  function refresh() {
    var shown = document.getElementById("waiting");
    // What somebody is typing is not taken away.
    if (!shown || shown.querySelector("input[name=reason]:focus")) return;
    var typed = Array.prototype.some.call(shown.querySelectorAll("input[name=reason]"), function (field) {
      return field.value !== "";
    });
    if (typed) return;
    fetch("/releases", { credentials: "same-origin" }).then(function (answer) {
      return answer.ok ? answer.text() : null;
    }).then(function (text) {
      var fresh = text && new DOMParser().parseFromString(text, "text/html").getElementById("waiting");
      if (fresh) shown.replaceWith(document.adoptNode(fresh));
    });
  }

  new EventSource("/releases/stream").addEventListener("waiting", function (event) {
    var count = Number(event.data);
    badge.textContent = count > 0 ? String(count) : "";
    badge.hidden = count === 0;
    var news = document.getElementById("news");
    if (known !== null && count > known && news) news.textContent = "Có đề nghị cho gửi mới.";
    if (known !== null) refresh();
    known = count;
  });
})();

// The auditor's key may come from a file: it is read here, and goes into the field as a pasted one
// would. The field alone is sent.
(function () {
  "use strict";
  var file = document.getElementById("key-file");
  var field = document.getElementById("key");
  if (!file || !field) return;
  file.parentNode.hidden = false;
  file.addEventListener("change", function () {
    if (!file.files[0]) return;
    file.files[0].slice(0, 4096).text().then(function (text) {
      field.value = text.replace(/\s+/g, " ");
      file.value = "";
    });
  });
})();

// Texts of a report that were written and not saved are not lost without a question.
(function () {
  "use strict";
  var form = document.getElementById("texts");
  if (!form) return;
  var sent = false;
  form.addEventListener("submit", function () { sent = true; });
  window.addEventListener("beforeunload", function (event) {
    var written = Array.prototype.some.call(form.elements, function (field) {
      return field.tagName === "TEXTAREA" && field.value !== field.defaultValue;
    });
    if (written && !sent) event.preventDefault();
  });
})();
