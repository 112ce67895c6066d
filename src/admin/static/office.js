// Keeps the number of waiting wishes, and the page that shows them, up to date. Every page works
// without it.
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
