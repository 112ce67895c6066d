// The self-test without leaving the page. Without this script the form posts to /try.
"use strict";
(function () {
  var introduction = "Công cụ AI giả lập đã nhận được:\n\n";
  var form = document.getElementById("trial");
  var run = document.getElementById("run");
  var sentence = document.getElementById("sentence").value;
  var samples = Array.from(document.querySelectorAll("[data-sample]"), function (place) {
    return place.textContent.trim();
  });

  function show(id, text) {
    document.getElementById(id).textContent = text;
  }

  function tell(kind, head, text) {
    var line = document.createElement("p");
    line.className = "verdict " + kind;
    var strong = document.createElement("strong");
    strong.textContent = head;
    var rest = document.createElement("span");
    rest.textContent = " " + text;
    line.append(strong, rest);
    document.getElementById("verdict").replaceChildren(line);
  }

  function pass(text) {
    tell("good", "Đạt.", text);
  }

  function contact() {
    return document.getElementById("contact").textContent;
  }

  function judge(received) {
    var digits = received.replace(/[^0-9]/g, "");
    var leaked = samples.some(function (value) { return digits.indexOf(value) >= 0; });
    if (leaked) {
      tell("care", "Chưa đạt.", "Anh/chị tạm dừng sử dụng công cụ AI trên máy này và báo " + contact() + ".");
    } else if (received.trim() === "") {
      show("received", "");
      unclear();
    } else {
      pass("Máy tính này đã được bảo vệ.");
    }
  }

  function unclear() {
    if (document.getElementById("received").textContent === "") {
      show("received", "Không có câu trả lời.");
    }
    tell("care", "Chưa xác định.", "Không nhận được câu trả lời. Thử lại; nếu vẫn vậy, báo " + contact() + ".");
  }

  function messageOf(answer) {
    return (answer.error && answer.error.message) || "";
  }

  function received(response) {
    var incident = response.headers.get("Lachan-Incident");
    document.getElementById("incident").hidden = !incident;
    show("incident-id", incident || "");
    return response.json().then(function (answer) {
      if (response.status === 403 && response.headers.get("Lachan-Action") === "block") {
        show("received", "Không nhận được gì. Lá Chắn trả lời: " + messageOf(answer).split("\n")[0] + ".");
        pass("Nội dung đã bị chặn trước khi gửi. Máy tính này đã được bảo vệ.");
      } else if (response.ok) {
        var text = answer.choices[0].message.content;
        text = text.indexOf(introduction) === 0 ? text.slice(introduction.length) : text;
        show("received", text);
        judge(text);
      } else {
        show("received", messageOf(answer));
        unclear();
      }
    });
  }

  form.addEventListener("submit", function (event) {
    event.preventDefault();
    run.disabled = true;
    show("received", "");
    show("verdict", "Đang thử…");
    document.getElementById("result").hidden = false;
    fetch("/v1/chat/completions", {
      method: "POST",
      headers: { "Content-Type": "application/json", "Accept": "application/json" },
      body: JSON.stringify({
        model: "lachan-selftest",
        messages: [{ role: "user", content: sentence }]
      })
    }).then(received).catch(unclear).then(function () {
      run.disabled = false;
    });
  });
})();
