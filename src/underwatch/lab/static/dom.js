// Elements, made from texts only: no markup is ever parsed, and no style is written as an attribute.

const SVG = "http://www.w3.org/2000/svg";

function fill(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name === "class") node.setAttribute("class", value);
    else if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else node.setAttribute(name, value === true ? "" : value);
  }
  for (const child of children.flat(Infinity)) {
    if (child !== null && child !== undefined && child !== false) node.append(child);
  }
  return node;
}

/** An HTML element: attributes by name (`onclick` is a listener), then children or texts. */
export function el(tag, attributes = {}, ...children) {
  return fill(document.createElement(tag), attributes, children);
}

/** An SVG element. */
export function svg(tag, attributes = {}, ...children) {
  return fill(document.createElementNS(SVG, tag), attributes, children);
}

/** Replace what an element holds. */
export function put(node, ...children) {
  node.replaceChildren();
  return fill(node, {}, children);
}

/** Set the text of an element, if it differs: a live region then stays silent. */
export function say(node, text) {
  if (node && node.textContent !== text) node.textContent = text;
}

export const one = (selector, within = document) => within.querySelector(selector);
export const all = (selector, within = document) => [...within.querySelectorAll(selector)];

/** Whether the reader asked for less motion. */
export const calm = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

/** Call `draw(width)` now and whenever the width of an element changes. */
export function onWidth(node, draw) {
  let before = 0;
  const watch = new ResizeObserver(([entry]) => {
    const width = Math.floor(entry.contentRect.width);
    if (width > 0 && width !== before) {
      before = width;
      draw(width);
    }
  });
  watch.observe(node);
  return () => watch.disconnect();
}

/** Call `draw()` whenever the page turns dark or light. */
export function onTheme(draw) {
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", draw);
}

/** A colour of the style sheet, such as `colour("--blue")`. */
export const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
