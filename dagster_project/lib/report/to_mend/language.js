// The language of the page: Chinese unless the reader chooses, or came with #en.
"use strict";
const root = document.documentElement;
const toggle = document.getElementById("language");
function speak(language) {
  root.lang = language === "en" ? "en" : "zh-CN";
  toggle.textContent = language === "en" ? "中文" : "English";
  toggle.lang = language === "en" ? "zh-CN" : "en";
  document.dispatchEvent(new Event("language"));
}
toggle.addEventListener("click", () => speak(root.lang === "en" ? "zh" : "en"));
if (location.hash === "#en") speak("en");
