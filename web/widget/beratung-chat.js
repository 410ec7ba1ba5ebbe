/**
 * <beratung-chat>: the chat of Wegweiser for any page. How to embed and colour it: docs/WEBSITE.md.
 *
 * - Nothing from outside becomes HTML: nodes are made with createElement and text, links only as https, tel and mailto.
 * - Nothing is stored or sent before someone opens the chat; then the talk is kept in sessionStorage, in this tab alone.
 * - Nothing that a person typed is lost: where sending fails, it stands in the field again, and keeps its id, so that
 *   the server answers a message that it has already read with the same answer.
 */
"use strict";
(() => {
  // …/widget/beratung-chat.js: the assistant answers one level above this folder.
  const SCRIPT = document.currentScript?.src;
  // Longer than the server's own patience, after which it answers with a human contact.
  const PATIENCE_MS = 30000;
  // Pauses before a message is sent again; together longer than the assistant needs to start.
  const PAUSES_MS = [1000, 3000, 6000];
  const RTL = ["ar", "fa"];
  const LANGUAGES = {
    de: "Deutsch", ar: "العربية", en: "English", es: "Español", fa: "فارسی", fr: "Français",
    pl: "Polski", ro: "Română", ru: "Русский", tr: "Türkçe", uk: "Українська",
  };
  // All words of the frame. Other languages: texts/<language>.json, with the same keys. Attribute text-<key> overrides.
  const GERMAN = {
    launcher: "Fragen zur Anerkennung",
    heading: "Beratung zur Anerkennung",
    note: "Hier antwortet ein Programm, kein Mensch. Bitte schreiben Sie keine Namen. " +
      "Was Sie schreiben, liegt auf dem Rechner dieser Stelle. Sie können es jederzeit löschen.",
    privacy: "Datenschutz",
    human: "Lieber mit einem Menschen sprechen?",
    hotline: "Hotline „Arbeiten und Leben in Deutschland“",
    question: "Ihre Frage",
    send: "Senden",
    close: "Schließen",
    more: "Mehr",
    language: "Sprache",
    copy: "Gespräch kopieren",
    copied: "Das Gespräch ist kopiert.",
    print: "Gespräch drucken",
    remove: "Gespräch löschen",
    sure: "Möchten Sie das ganze Gespräch löschen?",
    listen: "Vorlesen",
    silent: "Ihr Gerät hat für diese Sprache keine eigene Stimme.",
    you: "Sie",
    program: "Programm",
    hint: "Hinweis",
    waiting: "Das Programm antwortet gleich …",
    again: "Keine Verbindung. Ich versuche es noch einmal …",
    unreachable: "Das Programm ist gerade nicht erreichbar.",
    kept: "Ihr Text steht wieder im Feld.",
    renewed: "Ihr Gespräch war abgelaufen. Ein neues Gespräch hat begonnen.",
    empty: "Darauf habe ich keine Antwort.",
    contacts: "Kontakte als Liste",
    sources: "Quellen",
    asOf: "Stand",
    map: "Karte der Bundesländer zeigen",
  };
  // A fact of knowledge/data/services.yml; a test compares them.
  const HOTLINE = "+49 30 1815-1111";

  const LIGHT = `
    --paper: var(--beratung-paper, #fff); --ink: var(--beratung-ink, #1c2733); --quiet: var(--beratung-quiet, #4a5866);
    --accent: var(--beratung-accent, #0b5470); --on-accent: var(--beratung-on-accent, #fff);
    --own: var(--beratung-own, #e2eff5); --edge: var(--beratung-edge, #6b7886); --alert: #9b1c1c; color-scheme: light;`;
  const DARK = `
    --paper: var(--beratung-paper-dark, #1b232b); --ink: var(--beratung-ink-dark, #e8edf2); --quiet: var(--beratung-quiet-dark, #b1bdc9);
    --accent: var(--beratung-accent-dark, #8accea); --on-accent: var(--beratung-on-accent-dark, #06222f);
    --own: var(--beratung-own-dark, #173644); --edge: var(--beratung-edge-dark, #8493a1); --alert: #ffb0a8; color-scheme: dark;`;
  const CSS = `
    :host { ${LIGHT} display: block; font: 1rem/1.5 var(--beratung-font, system-ui, "Noto Sans", Arial, sans-serif); }
    @media (prefers-color-scheme: dark) { :host(:not([scheme=light])) { ${DARK} } }
    :host([scheme=dark]) { ${DARK} }
    * { box-sizing: border-box; } [hidden] { display: none !important; }
    h2, p, ul { margin: 0; padding: 0; } ul { list-style: none; } a { color: var(--accent); } a[href^=tel] { white-space: nowrap; }
    button, select, textarea, summary { font: inherit; color: var(--accent); background: var(--paper); border: 1px solid var(--edge); border-radius: .375rem; }
    button, select, summary { min-height: 44px; min-width: 44px; padding: .5rem .75rem; cursor: pointer; text-align: start; }
    button:hover:enabled, summary:hover { text-decoration: underline; }
    button:disabled { color: var(--quiet); border-style: dashed; cursor: default; }
    :focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
    .main { color: var(--on-accent); background: var(--accent); border-color: var(--accent); font-weight: 600; }
    .launcher, .panel { position: fixed; z-index: 2147483000; inset-block-end: 1rem; inset-inline-end: 1rem; }
    .launcher { padding: .75rem 1.25rem; border-radius: 2rem; box-shadow: 0 2px 8px #0005; max-width: calc(100vw - 2rem); }
    .panel { display: flex; flex-direction: column; width: min(var(--beratung-width, 27rem), 100vw - 2rem); height: min(44rem, 100vh - 2rem);
      color: var(--ink); background: var(--paper); border: 1px solid var(--edge); border-radius: .5rem; box-shadow: 0 4px 24px #0006; overflow: hidden; overflow-wrap: anywhere; }
    .head { display: flex; flex-wrap: wrap; gap: .5rem; align-items: center; padding: .5rem .75rem; border-block-end: 1px solid var(--edge); }
    h2 { flex: 1 1 8rem; font-size: 1.0625rem; line-height: 1.3; }
    .head details[open] { flex: 1 0 100%; order: 3; }
    .head details > div { display: flex; flex-wrap: wrap; gap: .5rem; padding-block: .5rem; }
    summary { list-style-position: inside; }
    .log { position: relative; flex: 1 1 auto; overflow-y: auto; padding: .75rem; }
    .log > * { margin-block-end: .75rem; }
    .note, .human, .status, .who { font-size: .9375rem; color: var(--quiet); }
    .message { padding: .5rem .75rem; border: 1px solid var(--edge); border-radius: .5rem; }
    .message > * + * { margin-block-start: .5rem; }
    .own { margin-inline-start: 12%; background: var(--own); }
    .hint { border-style: dashed; }
    .urgent { border: 3px solid var(--alert); }
    .words { white-space: pre-line; }
    .who { font-weight: 600; }
    .choices { display: flex; flex-wrap: wrap; gap: .5rem; }
    .choices span, .card > * { display: block; }
    .card { padding-block: .5rem; border-block-end: 1px solid var(--edge); }
    .status, .alert, .human { padding: .25rem .75rem; } .status:empty, .alert:empty { display: none; }
    .alert { color: var(--alert); font-weight: 600; }
    form { display: grid; grid-template-columns: 1fr auto; gap: .25rem .5rem; padding: .5rem .75rem; border-block-start: 1px solid var(--edge); }
    label { font-weight: 600; } form label { grid-column: 1 / -1; }
    textarea { width: 100%; min-height: 3.25rem; padding: .5rem; resize: vertical; color: var(--ink); }
    .map svg { display: block; width: 100%; height: auto; max-height: 70vh; }
    .map path, .map circle { fill: var(--own); stroke: var(--edge); fill-rule: evenodd; cursor: pointer; vector-effect: non-scaling-stroke; }
    .map .lit path, .map .lit circle { fill: var(--accent); } 
    .map text { pointer-events: none; font-size: 13px; text-anchor: middle; fill: var(--ink); stroke: var(--paper); stroke-width: 3px; paint-order: stroke; }
    iframe { position: absolute; width: 0; height: 0; border: 0; }
    @media (max-width: 30rem), (max-height: 30rem) { .panel { inset: 0; width: auto; height: auto; border: 0; border-radius: 0; } }
    @media (max-height: 30rem) { .panel { overflow-y: auto; } .log { flex: none; overflow: visible; } }
    @media (prefers-reduced-motion: no-preference) { .status { animation: breathe 1.6s ease-in-out infinite alternate; } @keyframes breathe { to { opacity: .85; } } }
    @media (forced-colors: active) { .own { border-width: 2px; } .map g path, .map g circle { fill: Canvas; stroke: CanvasText; } .map .lit path, .map .lit circle { fill: Highlight; } .map text { fill: CanvasText; stroke: Canvas; } }
    @media print { .launcher, .panel { display: none; } }`;

  // What becomes a link in an answer. No look-behind: older phones do not know it.
  const LINKS = String.raw`https:\/\/[^\s<>"„“]+|www\.[^\s<>"„“]+|[\w.+-]+@[\w-]+(?:\.[\w-]+)+`;
  const BEHIND = String.raw`(Internet: *)([a-z0-9äöüß-]+(?:\.[a-z0-9äöüß-]+)+[^\s<>"„“]*)|(Telefon:? *)(\+?[\d(][\d ()\/–-]*\d)`;

  /** An element; functions become its listeners (one that returns false stops the key or the click), everything else attributes. */
  function el(name, attributes, ...children) {
    const made = document.createElement(name);
    for (const [key, value] of Object.entries(attributes || {})) {
      if (typeof value === "function") made[key] = value;
      else if (value !== false && value != null) made.setAttribute(key, value === true ? "" : value);
    }
    made.append(...children.filter((child) => child != null));
    return made;
  }

  /** A link, or the mere words where the address is none of https, tel, mailto. */
  function link(words, address) {
    if (!/^(https:\/\/|tel:|mailto:)/.test(address)) return words;
    // A new window, because leaving the page would end the talk.
    return el("a", { href: address, ...(address.startsWith("https") && { target: "_blank", rel: "noopener noreferrer" }) }, words);
  }

  const telephone = (words) => link(words, `tel:${words.replace("(0)", "").replace(/[^\d+]/g, "")}`);
  const web = (words) => link(words.replace(/^https:\/\//, ""), /^[a-z][a-z0-9+.-]*:\/\//i.test(words) ? words : `https://${words}`);

  /** The text as nodes; addresses and telephone numbers, and those of `contacts` wherever they stand, are links. */
  function linked(text, contacts) {
    const phones = contacts.map(({ phone }) => phone).filter(Boolean);
    const hosts = contacts.map(({ url }) => url?.replace(/^https:\/\//, "")).filter((url) => url && !url.includes("://"));
    const known = [...phones, ...hosts].sort((a, b) => b.length - a.length).map((word) => word.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&"));
    const pattern = new RegExp(`(^|[\\s(„“:])(${[...known, LINKS].join("|")})(?![\\wäöüß])|${BEHIND}`, "gi");
    const nodes = [];
    let end = 0;
    for (const match of text.matchAll(pattern)) {
      const before = match[1] ?? match[3] ?? match[5];
      // The mark that ends the sentence is not part of the address.
      const words = (match[2] ?? match[4] ?? match[6]).replace(/[.,;:!?)\]"'“”»«]+$/, "");
      const made = match[6] || phones.includes(words) ? telephone(words) : /^[^/:]+@/.test(words) ? link(words, `mailto:${words}`) : web(words);
      nodes.push(text.slice(end, match.index) + before, made);
      end = match.index + before.length + words.length;
    }
    return [...nodes, text.slice(end)];
  }

  const text = (value) => (typeof value === "string" ? value : "");
  const list = (value) => (Array.isArray(value) ? value.filter((item) => item && typeof item === "object") : []);
  const pause = (ms) => new Promise((done) => setTimeout(done, ms));
  const newId = () => Array.from(crypto.getRandomValues(new Uint32Array(4)), (n) => n.toString(36)).join("-");

  class BeratungChat extends HTMLElement {
    async connectedCallback() {
      if (this.shadowRoot) return;
      this.server = new URL(this.getAttribute("server") || (SCRIPT ? new URL("..", SCRIPT) : "/"), document.baseURI).href.replace(/\/?$/, "/");
      this.storage = `beratung-chat ${this.server}`;
      this.stored = this.load();
      this.attachShadow({ mode: "open" });
      if ("adoptedStyleSheets" in this.shadowRoot) {
        const sheet = new CSSStyleSheet();
        sheet.replaceSync(CSS);
        this.shadowRoot.adoptedStyleSheets = [sheet];
      } else this.shadowRoot.append(el("style", null, CSS));
      addEventListener("online", () => this.retry());
      const wanted = (this.stored?.language || this.getAttribute("lang") || document.documentElement.lang || "de").slice(0, 2);
      await this.useLanguage(wanted in LANGUAGES ? wanted : "de");
      if (this.stored?.open || this.hasAttribute("open")) this.open(false);
    }

    /** Takes the words of `language` and draws everything anew. Without them it stays with German. */
    async useLanguage(language) {
      this.words = { ...GERMAN };
      this.language = "de";
      if (language !== "de") {
        try {
          Object.assign(this.words, await (await fetch(`${this.server}widget/texts/${language}.json`, { credentials: "omit" })).json());
          this.language = language;
        } catch { /* German words are better than none. */ }
      }
      for (const { name, value } of this.attributes) if (name.startsWith("text-")) this.words[name.slice(5)] = value;
      this.draw();
    }

    load() {
      try {
        return JSON.parse(sessionStorage.getItem(this.storage));
      } catch {
        return null; // Storage is shut, or what stands there is not ours.
      }
    }

    save() {
      try {
        if (this.stored) sessionStorage.setItem(this.storage, JSON.stringify(this.stored));
        else sessionStorage.removeItem(this.storage);
      } catch { /* Storage is shut: the talk lives as long as the page. */ }
    }

    draw() {
      const { words, language } = this;
      const make = (key, onclick, more) => el("button", { type: "button", onclick, ...more }, words[key]);
      const privacy = this.getAttribute("privacy");
      this.launcher = make("launcher", () => this.open(true), { class: "launcher main", "aria-expanded": "false", "aria-haspopup": "dialog" });
      this.log = el("div", { class: "log", role: "log", "aria-live": "polite", "aria-label": words.heading, tabindex: 0 });
      this.note = el("p", { class: "note" }, words.note, privacy && " ", privacy && el("a", { href: new URL(privacy, document.baseURI).href, target: "_blank" }, words.privacy));
      this.status = el("p", { class: "status", role: "status" });
      this.alert = el("p", { class: "alert", role: "alert" });
      this.field = el("textarea", { id: "field", rows: 2, dir: "auto", autocomplete: "off", oninput: () => this.keepDraft(), onkeydown: (event) => this.key(event) });
      const names = Object.entries(LANGUAGES).map(([code, name]) => el("option", { value: code, lang: code, selected: code === language }, name));
      const choice = el("select", { id: "language", onchange: (event) => this.changeLanguage(event.target.value) }, ...names);
      this.heading = el("h2", { id: "title", tabindex: -1 }, words.heading);
      const menu = el("details", { ontoggle: () => this.tools().catch(() => null) }, el("summary", null, words.more), el("div", null,
        ...["copy", "print", "remove"].map((tool) => make(tool, () => this.use(tool))),
        el("div", null, el("label", { for: "language" }, words.language, " "), choice)));
      const phone = this.getAttribute("phone") || HOTLINE;
      this.panel = el("section", { class: "panel", role: "dialog", "aria-labelledby": "title", hidden: true, onkeydown: (event) => void (event.key === "Escape" && this.close()) },
        el("div", { class: "head" }, this.heading, menu, make("close", () => this.close())),
        this.log, this.status, this.alert,
        el("form", { onsubmit: (event) => this.sendTyped(event) }, el("label", { for: "field" }, words.question), this.field, el("button", { class: "main" }, words.send)),
        el("p", { class: "human" }, words.human, " ", el("span", { lang: phone === HOTLINE ? null : "de" }, words.hotline, ": "), el("bdi", null, telephone(phone))));
      for (const part of [this.launcher, this.panel]) Object.assign(part, { lang: language, dir: RTL.includes(language) ? "rtl" : "ltr" });
      this.log.append(this.note);
      for (const turn of list(this.stored?.turns)) this.show(turn);
      this.field.value = text(this.stored?.pending?.text) || text(this.stored?.draft);
      this.shadowRoot.replaceChildren(this.launcher, this.panel);
    }

    async changeLanguage(language) {
      this.stored.language = language;
      await this.useLanguage(language);
      this.open(true);
    }

    /** Shows the chat; `focus`: a person pressed the button. The first time it begins a talk. */
    open(focus) {
      this.launcher.hidden = true;
      this.launcher.setAttribute("aria-expanded", "true");
      this.panel.hidden = false;
      this.stored = this.stored || { turns: [] };
      this.stored.open = true;
      this.save();
      this.log.scrollTop = this.log.scrollHeight;
      // Not the field on a phone: its keyboard would cover the greeting.
      if (focus) (matchMedia("(hover: hover) and (pointer: fine)").matches ? this.field : this.heading).focus();
      if (!this.stored.session && !this.stored.turns.length) this.exchange(() => this.begin());
    }

    close() {
      window.speechSynthesis?.cancel();
      this.panel.hidden = true;
      this.launcher.hidden = false;
      this.launcher.setAttribute("aria-expanded", "false");
      if (this.stored) this.stored.open = false;
      this.save();
      this.launcher.focus();
    }

    keepDraft() {
      this.stored = this.stored || { turns: [], open: true };
      this.stored.draft = this.field.value;
      this.save();
    }

    // ---- talking to the server

    /** Calls the channel; tries again where the network or the server is away. An error with `status` is the channel's own. */
    async call(path, body) {
      for (let attempt = 0; ; attempt++) {
        const abort = new AbortController();
        const timer = setTimeout(() => abort.abort(), PATIENCE_MS);
        try {
          const options = { method: "POST", headers: { "Content-Type": "application/json" }, credentials: "omit", signal: abort.signal };
          const response = await fetch(`${this.server}webhooks/website/${path}`, { ...options, body: JSON.stringify(body) });
          const answer = await response.json();
          if (response.ok) return answer;
          throw Object.assign(new Error(answer.error.message), { status: response.status });
        } catch (error) {
          if ((error.status && error.status < 500) || attempt >= PAUSES_MS.length) throw error;
          this.status.textContent = this.words.again;
        } finally {
          clearTimeout(timer);
        }
        await pause(PAUSES_MS[attempt]);
      }
    }

    /** Begins a talk and shows the greeting. */
    async begin() {
      const { session, messages } = await this.call("session", {});
      this.stored = { ...this.stored, session };
      this.add({ messages });
    }

    /** The answer to a message. Where the session has run out, begins a new one, says so and asks there. */
    async ask({ shown, ...message }) {
      try {
        return await this.call("message", { session: this.stored.session, ...message });
      } catch (error) {
        if (error.status !== 401) throw error;
        this.add({ hint: this.words.renewed });
        await this.begin();
        return this.call("message", { session: this.stored.session, ...message });
      }
    }

    /** Runs `work` with a status line, and an alert where it fails; says whether it went well. One at a time. */
    async exchange(work) {
      this.busy = true;
      this.alert.textContent = "";
      this.status.textContent = this.words.waiting;
      try {
        await work();
        return true;
      } catch (error) {
        this.alert.append(...linked(error.status ? error.message : this.words.unreachable, []));
        return false;
      } finally {
        this.busy = false;
        this.status.textContent = "";
      }
    }

    /** One turn. `message` is {text} or {choice}; `shown` is what stands there as the person's words. */
    async send(message, shown) {
      if (this.busy) return;
      const { pending } = this.stored;
      const same = pending && pending.text === message.text && pending.choice === message.choice;
      this.stored.pending = { ...message, shown, id: same ? pending.id : newId() };
      this.stored.draft = "";
      this.save();
      const pressed = this.shadowRoot.activeElement;
      const choices = [...this.log.querySelectorAll(".choices button:enabled")];
      let own;
      const done = await this.exchange(async () => {
        if (!this.stored.session) await this.begin();
        for (const button of choices) button.disabled = true;
        own = this.show({ own: shown });
        // A pressed button is disabled or far away from the answer: the next Tab shall lead on from here.
        if (pressed !== this.field) own.focus();
        this.log.scrollTop = own.offsetTop;
        this.answered(await this.ask(this.stored.pending), shown);
      });
      if (done) return void (own?.isConnected && (this.log.scrollTop = own.offsetTop));
      own?.remove();
      for (const button of choices) button.disabled = false;
      if (message.text) {
        this.field.value = [message.text, this.field.value].filter(Boolean).join("\n");
        this.alert.append(" ", this.words.kept);
      }
    }

    answered({ messages, session, deleted }, shown) {
      if (deleted) return this.forget(messages);
      if (session) this.stored.session = session;
      delete this.stored.pending;
      this.stored.turns.push({ own: shown });
      this.add({ messages: list(messages).length ? messages : [{ text: this.words.empty, lang: this.language, dir: this.panel.dir }] });
    }

    /** Sends again what is still unsent, once the network is back. */
    retry() {
      if (!this.stored?.pending || this.busy) return;
      const { text: words, choice, shown } = this.stored.pending;
      if (words && this.field.value.trim() !== words) return; // It was changed: the person decides.
      if (words) this.field.value = "";
      this.send(words ? { text: words } : { choice }, shown);
    }

    sendTyped(event) {
      event.preventDefault();
      const typed = this.field.value.trim();
      this.field.focus();
      if (this.busy || !typed) return;
      this.field.value = "";
      this.send({ text: typed }, typed);
    }

    key(event) {
      // While a word is being composed (Chinese, Korean …), Enter belongs to the keyboard.
      if (event.key === "Enter" && !event.shiftKey && !event.isComposing) this.sendTyped(event);
    }

    // ---- showing the talk

    add(turn) {
      this.stored.turns.push(turn);
      this.save();
      return this.show(turn);
    }

    /** Adds a turn to the log: {own: text}, {hint: text} or {messages}. Returns its first entry. */
    show({ own, hint, messages }) {
      const { words, log } = this;
      const entry = (kind, who, ...nodes) => el("div", { class: `message ${kind}`, tabindex: -1 }, who && el("p", { class: "who" }, words[who]), ...nodes);
      if (own) log.append(entry("own", "you", el("p", { class: "words", dir: "auto" }, own)));
      if (hint) log.append(entry("hint", "hint", el("p", null, hint)));
      if (!messages) return log.lastElementChild;
      for (const button of log.querySelectorAll(".choices button")) button.disabled = true;
      const said = list(messages);
      const advice = said.map(({ custom }) => custom?.advice).find(Boolean) || {};
      const contacts = list(advice.contacts);
      const entries = said.map((message, i) => {
        const language = text(message.lang) || "de";
        const speech = { lang: language, dir: message.dir === "rtl" ? "rtl" : "ltr" };
        const made = entry("program", i ? null : "program", el("p", { class: "words", ...speech }, ...linked(text(message.text), contacts)));
        const choices = list(message.buttons).map((button) => this.choice(button));
        if (choices.length) made.append(el("ul", { class: "choices" }, ...choices));
        return made;
      });
      const last = entries[entries.length - 1];
      if (advice.urgent) entries[0].classList.add("urgent");
      if (advice.asks === "land") last.append(this.mapButton());
      if (contacts.length && !advice.urgent) last.append(this.cards(contacts, list(advice.sources)));
      if ("speechSynthesis" in window) last?.append(el("button", { type: "button", onclick: () => this.use("listen", said) }, words.listen));
      log.append(...entries);
      return entries[0];
    }

    choice({ title, id, also }) {
      const shown = text(title);
      const beside = also && el("span", { lang: text(also.lang), dir: RTL.includes(also.lang) ? "rtl" : "ltr" }, text(also.text));
      const german = el("span", { lang: "de", dir: "ltr" }, shown);
      return el("li", null, el("button", { type: "button", onclick: () => this.send({ choice: text(id) }, shown) }, german, beside));
    }

    cards(contacts, sources) {
      const { words } = this;
      const card = ({ name, carrier, why, url, phone, source, as_of: asOf }) => el("li", { class: "card" },
        el("strong", null, text(name)), text(carrier) && el("span", null, carrier), text(why) && el("span", null, why),
        text(url) && el("span", null, web(url)), text(phone) && el("span", null, telephone(phone)),
        el("span", { class: "who" }, `${text(source)} (${text(asOf)})`));
      const source = ({ title, url, as_of: asOf }) => el("li", null, text(url) ? link(text(title), url) : text(title), ` (${text(asOf)})`);
      return el("details", null, el("summary", null, `${words.contacts} (${contacts.length})`),
        el("ul", { lang: "de", dir: "ltr" }, ...contacts.map(card)),
        sources.length ? el("p", { class: "who" }, words.sources) : null, el("ul", { lang: "de", dir: "ltr" }, ...sources.map(source)));
    }

    /** The button that shows the map and the list of the Länder. Their sixteen names are not read out unasked. */
    mapButton() {
      const place = el("div", { class: "map", "aria-live": "off", hidden: true });
      const open = async ({ target }) => {
        if (this.busy) return;
        place.hidden = !place.hidden;
        target.setAttribute("aria-expanded", String(!place.hidden));
        if (place.firstChild || place.hidden) return;
        await this.exchange(async () => {
          const [{ landMap }, answer] = await Promise.all([import(`${this.server}widget/land-map.js`), fetch(`${this.server}widget/laender.json`, { credentials: "omit" })]);
          place.append(landMap(await answer.json(), { el, link }, (id, name) => this.send({ choice: `land:${id}` }, name)));
        });
      };
      return el("div", { class: "choices" }, el("button", { type: "button", "aria-expanded": "false", onclick: open }, this.words.map), place);
    }

    // ---- what a person may do with the talk: tools.js, loaded when someone asks for it

    tools() {
      return import(`${this.server}widget/tools.js`);
    }

    async use(tool, argument) {
      if (this.busy) return;
      try {
        await (await this.tools())[tool](this, argument);
      } catch {
        this.alert.textContent = this.words.unreachable;
      }
    }

    /** Empties everything here; `messages` is what the server said about it. */
    forget(messages) {
      this.stored = null;
      this.save();
      this.stored = { turns: [] };
      this.field.value = "";
      this.log.replaceChildren(this.note);
      this.show({ messages });
      this.heading.focus();
    }
  }

  customElements.define("beratung-chat", BeratungChat);
})();
