/**
 * The demo chat of Wegweiser: talks to the website channel (docs/CONTRACTS.md) and shows what comes back.
 *
 * - Nothing from outside becomes HTML: text goes in as text nodes, links are built from a few known patterns.
 * - A talk begins when someone first uses the chat, not when the page is opened, and the page keeps it in memory only.
 * - Nothing that a person typed is lost: where sending fails, it stands in the field again.
 */
"use strict";

const API = "/webhooks/website/";
// Longer than the server's own patience, after which it answers with a human contact.
const PATIENCE_MS = 30000;
const UNREACHABLE =
  "Das Programm ist gerade nicht erreichbar. Bitte versuchen Sie es noch einmal. " +
  "Oder sprechen Sie mit einem Menschen: Hotline „Arbeiten und Leben in Deutschland“, Telefon +49 30 1815-1111.";
const RENEWED = "Ihre Sitzung war abgelaufen. Ein neues Gespräch hat begonnen. Was Sie früher geschrieben haben, weiß das Programm nicht mehr.";
// A bare host counts only behind "Internet:", because a text may also warn of a host.
const LINKS = new RegExp(
  String.raw`(https?:\/\/\S+|www\.\S+)` +
    String.raw`|(Internet: *)([a-z0-9äöüß-]+(?:\.[a-z0-9äöüß-]+)+\S*)` +
    String.raw`|(Telefon:? *)(\+?[\d(][\d ()\/–-]+\d)`,
  "gi",
);

const ids = ["log", "status", "alert", "begin", "form", "text", "examples"];
const [log, status, problem, begin, form, field, examples] = ids.map((id) => document.getElementById(id));
let session = null;
let waiting = false;

/** Calls the channel. An error with `httpStatus` is the channel's own, its message written for the person. */
async function call(path, body) {
  const abort = new AbortController();
  const timer = setTimeout(() => abort.abort(), PATIENCE_MS);
  try {
    const headers = { "Content-Type": "application/json" };
    const response = await fetch(API + path, { method: "POST", headers, body: body && JSON.stringify(body), signal: abort.signal });
    const answer = await response.json();
    if (!response.ok) throw Object.assign(new Error(answer.error.message), { httpStatus: response.status });
    return answer;
  } finally {
    clearTimeout(timer);
  }
}

function element(name, properties, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}

/** The text as nodes; addresses and telephone numbers are links. */
function withLinks(text) {
  const nodes = [];
  let end = 0;
  for (const match of text.matchAll(LINKS)) {
    const [whole, address, internet, host, telephone, phone] = match;
    const before = internet || telephone || "";
    // The mark that ends the sentence is not part of the address.
    const shown = phone || (address || host).replace(/[.,;:!?)\]"'“”»«]+$/, "");
    const web = /^https?:/i.test(shown) ? shown : `https://${shown}`;
    const number = `tel:${shown.replace("(0)", "").replace(/[^\d+]/g, "")}`;
    // A new window, because leaving this page would end the talk.
    const target = phone ? { href: number } : { href: web, target: "_blank", rel: "noopener noreferrer" };
    nodes.push(text.slice(end, match.index) + before, element("a", target, shown), whole.slice(before.length + shown.length));
    end = match.index + whole.length;
  }
  return [...nodes, text.slice(end)];
}

/** Adds an entry to the talk. The speaker stands there as a word, so that it is not told by colour alone. */
function say(speaker, kind, nodes, buttons = []) {
  // dir=auto: people may write in Arabic or Persian.
  const words = element("p", { dir: "auto" }, ...nodes);
  const entry = element("div", { className: kind, tabIndex: -1 }, element("p", { className: "speaker" }, speaker), words);
  const choices = buttons.map(({ title, id }) => element("button", { type: "button", onclick: () => send({ choice: id }, title) }, title));
  if (choices.length) entry.append(element("div", { className: "choices" }, ...choices));
  log.append(entry);
  return entry;
}

function sayAll(messages) {
  for (const { text, buttons } of messages) say("Programm", "program", withLinks(text), buttons || []);
}

/** Begins a talk; returns the greeting. */
async function newSession() {
  const answer = await call("session");
  session = answer.session;
  begin.hidden = true;
  return answer.messages;
}

/** The answers to a message. Where the session has run out, begins a new one, says so and asks there. */
async function ask(message) {
  try {
    return (await call("message", { session, ...message })).messages;
  } catch (error) {
    if (error.httpStatus !== 401) throw error;
    await newSession();
    say("Hinweis", "notice", [RENEWED]);
    return (await call("message", { session, ...message })).messages;
  }
}

/** Runs `work` with a status line, and an alert where it fails; says whether it went well. One at a time. */
async function exchange(work) {
  waiting = true;
  problem.textContent = "";
  status.textContent = "Das Programm antwortet gleich …";
  try {
    await work();
    return true;
  } catch (error) {
    problem.append(...withLinks(error.httpStatus ? error.message : UNREACHABLE));
    return false;
  } finally {
    waiting = false;
    status.textContent = "";
  }
}

/** One turn. `message` is {text} or {choice}; `shown` is what stands there as the person's words. */
async function send(message, shown) {
  if (waiting) return;
  const pressed = document.activeElement;
  const open = [...log.querySelectorAll(".choices button:enabled")];
  let own;
  const done = await exchange(async () => {
    if (!session) sayAll(await newSession());
    own = say("Sie", "own", [shown]);
    for (const button of open) button.disabled = true;
    // A pressed button is disabled or far away from the answer: the next Tab shall lead on from here.
    if (pressed !== field) own.focus();
    log.scrollTop = own.offsetTop;
    sayAll(await ask(message));
    log.scrollTop = own.offsetTop;
  });
  if (done) return;
  if (own) own.remove();
  for (const button of open) button.disabled = false;
  if (message.text) {
    field.value = [message.text, field.value].filter(Boolean).join("\n");
    problem.append(" Ihr Text steht wieder im Feld.");
  }
  (message.text ? field : pressed).focus();
}

function sendTyped(event) {
  event.preventDefault();
  const text = field.value.trim();
  field.focus();
  if (waiting || !text) return;
  field.value = "";
  send({ text }, text);
}

begin.onclick = async () => {
  if (!waiting && (await exchange(async () => sayAll(await newSession())))) field.focus();
};
form.onsubmit = sendTyped;
field.onkeydown = (event) => {
  // While a word is being composed (Chinese, Korean …), Enter belongs to the keyboard.
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing) sendTyped(event);
};
examples.onclick = ({ target }) => {
  if (target.type === "button") send({ text: target.textContent }, target.textContent);
};
