"use strict";
const form = document.getElementById("filters");
const entries = [...document.querySelectorAll("main > details")];
const search = document.getElementById("search");
function show() {
  const chosen = [...form.querySelectorAll("select")].filter((one) => one.value);
  const words = search.value.trim().toLowerCase();
  let count = 0;
  for (const entry of entries) {
    const fits = chosen.every((one) => entry.dataset[one.dataset.by] === one.value) && (!words || entry.textContent.toLowerCase().includes(words));
    entry.hidden = !fits;
    count += fits;
  }
  document.getElementById("shown").textContent = `${count} von ${entries.length}`;
}
form.hidden = false;
form.addEventListener("input", show);
form.addEventListener("submit", (event) => event.preventDefault());
show();
