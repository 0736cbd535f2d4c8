// How Flex writes sizes, spaces and colours, and what they come to on the screen.

const SPACES = { __proto__: null, none: "0px", xs: "2px", sm: "4px", md: "8px", lg: "12px", xl: "16px", xxl: "20px" };
const LETTERS = { __proto__: null, xxs: 11, xs: 13, sm: 14, md: 16, lg: 19, xl: 22, xxl: 29, "3xl": 35, "4xl": 48, "5xl": 74 };
const PICTURES = { __proto__: null, xxs: 40, xs: 60, sm: 80, md: 100, lg: 120, xl: 140, xxl: 160, "3xl": 180, "4xl": 200, "5xl": 220 };
const BORDERS = { __proto__: null, none: "0px", light: "0.5px", normal: "1px", medium: "2px", "semi-bold": "3px", bold: "4px" };
const PLACES = { __proto__: null, start: "flex-start", center: "center", end: "flex-end", top: "flex-start", bottom: "flex-end" };
const ITEMS = new Set(["center", "flex-start", "flex-end"]);
const SPREADS = new Set([...ITEMS, "space-between", "space-around", "space-evenly"]);
const LENGTH = /^\d+(\.\d+)?(px|%)$/;
const OFFSET = /^-?\d+(\.\d+)?(px|%)$/;
const PIXELS = /^\d+(\.\d+)?px$/;
const COLOUR = /^#[0-9a-fA-F]{6}([0-9a-fA-F]{2})?$/;
const ANGLE = /^\d+(\.\d+)?deg$/;
const PERCENT = /^\d+(\.\d+)?%$/;
const SIDES = {
  paddingAll: "padding", paddingTop: "paddingTop", paddingBottom: "paddingBottom",
  paddingStart: "paddingInlineStart", paddingEnd: "paddingInlineEnd",
};
const EDGES = { offsetTop: "top", offsetBottom: "bottom", offsetStart: "insetInlineStart", offsetEnd: "insetInlineEnd" };

function fits(value, shape) {
  return typeof value === "string" && shape.test(value);
}

export function length(value) {
  return fits(value, LENGTH) ? value : null;
}

export function space(value) {
  return SPACES[value] ?? length(value);
}

/** The size of letters and icons. */
export function letterSize(value) {
  return LETTERS[value] ? `${LETTERS[value]}px` : fits(value, PIXELS) ? value : null;
}

/** How wide a picture is at most. */
export function pictureSize(value) {
  return value === "full" ? "100%" : PICTURES[value] ? `${PICTURES[value]}px` : length(value) ?? `${PICTURES.md}px`;
}

export function lineSpacing(value) {
  return fits(value, PIXELS) ? value : null;
}

export function placed(value, otherwise) {
  return PLACES[value] ?? otherwise;
}

export function colour(node, property, value) {
  if (fits(value, COLOUR)) node.style[property] = value;
}

/** width / height for CSS; at most three times as high as wide. */
export function ratio(value) {
  const [width, height] = /^\d+(\.\d+)?:\d+(\.\d+)?$/.test(value ?? "") ? value.split(":").map(Number) : [1, 1];
  return `${width} / ${Math.min(height, width * 3)}`;
}

export function offsets(node, part) {
  if (part.position === "absolute") node.style.position = "absolute";
  for (const [key, property] of Object.entries(EDGES)) {
    const value = SPACES[part[key]] ?? (fits(part[key], OFFSET) ? part[key] : null);
    if (value !== null) node.style[property] = value;
  }
}

/** Everything a box says of its own looks. */
export function dressBox(node, part) {
  const { style } = node;
  for (const [key, property] of Object.entries(SIDES)) {
    const value = space(part[key]);
    if (value !== null) style[property] = value;
  }
  colour(node, "backgroundColor", part.backgroundColor);
  colour(node, "borderColor", part.borderColor);
  const border = BORDERS[part.borderWidth] ?? length(part.borderWidth);
  if (border) style.borderWidth = border;
  const corner = space(part.cornerRadius);
  if (corner) style.borderRadius = corner;
  for (const key of ["width", "height", "maxWidth", "maxHeight"]) {
    const value = length(part[key]);
    if (value) style[key] = value;
  }
  if (SPREADS.has(part.justifyContent)) style.justifyContent = part.justifyContent;
  if (ITEMS.has(part.alignItems)) style.alignItems = part.alignItems;
  if (part.background?.type === "linearGradient") gradient(node, part.background);
}

/** Degrees turn clockwise from "upwards", in Flex as in CSS. */
function gradient(node, { angle, startColor, centerColor, endColor, centerPosition }) {
  if (!fits(startColor, COLOUR) || !fits(endColor, COLOUR)) return;
  const middle = fits(centerColor, COLOUR) ? `, ${centerColor} ${fits(centerPosition, PERCENT) ? centerPosition : "50%"}` : "";
  node.style.backgroundImage = `linear-gradient(${fits(angle, ANGLE) ? angle : "0deg"}, ${startColor}${middle}, ${endColor})`;
}
