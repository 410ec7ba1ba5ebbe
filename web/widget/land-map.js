/**
 * The map of the 16 Länder with a list beside it. Loaded by <beratung-chat> when someone asks for it.
 *
 * The list is what a keyboard and a screen reader use; the picture is for the eye and the finger, so that nobody has to
 * go through every Land twice. What is pointed at in one of them lights up in the other.
 */
const SVG = "http://www.w3.org/2000/svg";
// City states are small; a disc of this radius (units of the picture) gives a finger room.
const DISC = 13;
const CITIES = ["DE-BE", "DE-HB", "DE-HH"];
const LINE = 13;

function shape(name, attributes, ...children) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

/** A name in one line, or cut behind its hyphen: „Nordrhein-“ / „Westfalen“. */
function label({ name, x, y }) {
  const parts = name.match(/[^-]+-?/gu).map((part, i) => shape("tspan", { x, dy: i ? LINE : 0 }, part));
  return shape("text", { x, y: y + 4 - ((parts.length - 1) * LINE) / 2 }, ...parts);
}

/** `data` is laender.json, `make` the widget's `el` and `link`; `choose(id, name)` is called with the Land. */
export function landMap(data, { el, link }, choose) {
  const buttons = new Map();
  const areas = new Map();
  const light = (id, on) => areas.get(id).classList.toggle("lit", on);
  for (const land of data.laender) {
    const { id, name } = land;
    const listeners = { onmouseenter: () => light(id, true), onmouseleave: () => light(id, false), onfocus: () => light(id, true), onblur: () => light(id, false) };
    buttons.set(id, el("button", { type: "button", lang: "de", onclick: () => choose(id, name), ...listeners }, name));
    const area = shape("g", {}, shape("path", { d: land.d }));
    if (CITIES.includes(id)) area.append(shape("circle", { cx: land.x, cy: land.y, r: DISC }));
    Object.assign(area, { onclick: () => buttons.get(id).disabled || choose(id, name), onmouseenter: listeners.onmouseenter, onmouseleave: listeners.onmouseleave });
    areas.set(id, area);
  }
  // Cities lie inside or beside larger Länder: they are drawn last, so that these do not cover them.
  const drawn = [...areas.keys()].sort((a, b) => CITIES.includes(a) - CITIES.includes(b)).map((id) => areas.get(id));
  return el("div", null,
    shape("svg", { viewBox: `0 0 ${data.width} ${data.height}`, "aria-hidden": "true" }, ...drawn, ...data.laender.map(label)),
    el("p", { class: "who", lang: "de" }, link(data.source, data.sourceUrl), ", ", link(data.licence, data.licenceUrl)),
    el("ul", { class: "choices" }, ...[...buttons.values()].map((button) => el("li", null, button))));
}
