/** What a person may do with the talk. Loaded by <beratung-chat> when its menu is opened. `chat` is the element. */

// What deletes the talk on the server (bot/talks.py).
const DELETE = "alles löschen";

const said = (messages) => (Array.isArray(messages) ? messages : []);

/** The talk as plain text. */
function transcript({ words, stored }) {
  const lines = stored.turns.map(({ own, hint, messages }) => {
    if (own) return `${words.you}: ${own}`;
    if (hint) return `${words.hint}: ${hint}`;
    return said(messages).map(({ text }) => `${words.program}: ${text}`).join("\n");
  });
  return lines.join("\n\n");
}

export async function copy(chat) {
  try {
    await navigator.clipboard.writeText(transcript(chat));
  } catch {
    // Without https a page has no clipboard: through a field, as pages have always done it.
    const before = chat.shadowRoot.activeElement;
    const field = document.createElement("textarea");
    field.value = transcript(chat);
    chat.panel.append(field);
    field.select();
    document.execCommand("copy");
    field.remove();
    before?.focus();
  }
  chat.status.textContent = chat.words.copied;
}

/** Prints the talk alone, without the page around it. */
export function print(chat) {
  chat.shadowRoot.querySelector("iframe")?.remove();
  const frame = document.createElement("iframe");
  frame.title = chat.words.print;
  frame.tabIndex = -1;
  chat.shadowRoot.append(frame);
  const sheet = frame.contentDocument;
  Object.assign(sheet.documentElement, { lang: chat.language, dir: chat.panel.dir });
  sheet.title = chat.words.heading;
  for (const line of transcript(chat).split("\n")) {
    const paragraph = sheet.createElement("p");
    paragraph.dir = "auto";
    paragraph.textContent = line;
    sheet.body.append(paragraph);
  }
  frame.contentWindow.print();
}

/** Deletes the talk on the server and here. */
export async function remove(chat) {
  if (!confirm(chat.words.sure)) return;
  if (!chat.stored.session) return chat.forget([]);
  await chat.exchange(async () => {
    try {
      chat.forget((await chat.call("message", { session: chat.stored.session, text: DELETE })).messages);
    } catch (error) {
      if (error.status !== 401) throw error;
      chat.forget([]); // The session has run out: here it can still be deleted.
    }
  });
}

/** Reads out with voices of the device, or stops; a voice that sends the text elsewhere is not used. */
export function listen(chat, messages) {
  const speech = window.speechSynthesis;
  if (speech.speaking) return speech.cancel();
  for (const { text, lang = "de" } of messages) {
    const voice = speech.getVoices().find((one) => one.localService && one.lang.slice(0, 2).toLowerCase() === lang);
    if (!voice) {
      chat.alert.textContent = chat.words.silent;
      return;
    }
    speech.speak(Object.assign(new SpeechSynthesisUtterance(text), { voice, lang: voice.lang }));
  }
}
