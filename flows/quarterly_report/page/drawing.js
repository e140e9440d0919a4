// What views are drawn from: elements, the page's data, numbers as they are printed.
//
// Texts of the data reach the page as text nodes and attributes only, never as markup.

const root = document.documentElement;
const view = document.getElementById('view');
const menu = document.getElementById('menu');
const nav = document.getElementById('nav');
const HIDDEN = '＊';
const NONE = '—';
// The entries of a comparison in the data: see reading_back.py.
const GROWTH = ['said', 'moved', 'before', 'measure', 'unit', 'after', 'restated', 'units',
  'value', 'base', 'change', 'rate', 'matched_value', 'matched_base', 'matched_rate',
  'contribution', 'pull'];
const WORDS = ['said', 'moved', 'before', 'unit', 'after'];

// ---- Elements

function put(element, children) {
  for (const child of children) {
    if (Array.isArray(child)) put(element, child);
    else if (child || child === 0) element.append(child);
  }
  return element;
}

function made(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes || {})) {
    if (value !== '' && value !== undefined) element.setAttribute(name, value);
  }
  return put(element, children);
}

function el(tag, attributes, ...children) {
  return made(document.createElement(tag), attributes, children);
}

function svg(tag, attributes, ...children) {
  return made(document.createElementNS('http://www.w3.org/2000/svg', tag), attributes, children);
}

function table(label, heads, rows, kind) {
  const cells = heads.map(([text, right]) => el('th', {scope: 'col', class: right ? 'r' : ''}, text));
  return el('div', {class: 'scroll', tabindex: 0, role: 'region', 'aria-label': label},
    el('table', {class: kind === undefined ? 'numbers' : kind},
      el('thead', null, el('tr', null, cells)), el('tbody', null, rows)));
}

function pairs(entries, kind) {
  return el('dl', {class: 'pairs' + (kind ? ' ' + kind : '')}, entries.filter(([, text]) => text)
    .map(([name, text]) => el('div', null, el('dt', null, name), put(el('dd'), [text]))));
}

const td = (...children) => el('td', null, children);
const right = (...children) => el('td', {class: 'r'}, children);
const minus = (text) => text.replace(/-/g, '−');

// ---- Data, parsed when first asked for

let kept = null;

function data() {
  if (!kept) {
    kept = JSON.parse(document.getElementById('data').textContent);
    kept.unitName = new Map(kept.units);
  }
  return kept;
}

const numberHref = (indicator, unit) => `#/number/${indicator}/${unit}`;
const unitHref = (unit) => (unit === data().district ? '#/overview' : `#/unit/${unit}`);

function record(indicator, unit) {
  const own = data().numbers[indicator];
  return own && own[unit];
}

function levelOf(indicator, unit) {
  const found = record(indicator, unit);
  if (!found) return null;
  const [value, toDate, why, toDateWhy, months, expected, reported] = found[0];
  const words = data().words;
  return {value, toDate, why: words[why], toDateWhy: words[toDateWhy], months, expected, reported};
}

function growthOf(indicator, unit, comparison) {
  const found = record(indicator, unit);
  const row = found && found[1][data().comparisons.findIndex(([name]) => name === comparison)];
  if (!row) return null;
  const growth = {};
  GROWTH.forEach((name, at) => { growth[name] = row[at] === undefined ? '' : row[at]; });
  WORDS.forEach((name) => { growth[name] = data().words[growth[name]]; });
  return growth;
}

// ---- Numbers

const key = (indicator, unit, measure) => `${indicator}/${unit}/${measure}`;

function shown(where, measure, text, unit, why) {
  const attributes = {'data-n': key(where.indicator, where.unit, measure), title: why || ''};
  if (where.href) Object.assign(attributes, {href: where.href, class: where.kind || 'n'});
  const plain = text === HIDDEN || text === NONE;
  const after = plain ? (why ? el('span', {class: text === HIDDEN ? 'u sr' : 'u'}, why) : '') :
    (unit ? el('span', {class: 'u'}, unit) : '');
  return el(where.href ? 'a' : 'span', attributes, minus(text), after);
}

const linked = (indicator, unit, kind) => ({indicator, unit, kind, href: numberHref(indicator, unit)});

function valueLink(indicator, unit, measured) {
  const level = levelOf(indicator, unit);
  if (!level) return NONE;
  return shown(linked(indicator, unit, 'n v'), 'value', level.value,
    measured ? data().items[indicator].unit : '', level.why);
}

function shortCell(indicator, unit, comparison) {
  const growth = growthOf(indicator, unit, comparison);
  if (!growth) return '';
  const attributes = {class: 'n', href: numberHref(indicator, unit), title: growth.said};
  const number = growth.measure ? growth[GROWTH[7 + growth.measure]] : '';
  if (number) {
    const of = key(indicator, unit, `${comparison}.${GROWTH[7 + growth.measure]}`);
    return el('a', attributes, growth.before, el('span', {'data-n': of, class: 'nb'},
      minus(number), el('span', {class: 'u'}, growth.unit)), growth.after);
  }
  attributes.class = 'n w';
  return el('a', attributes, growth.before, growth.before === HIDDEN ?
    el('span', {class: 'sr'}, `（${growth.said}）`) : '');
}

function share(indicator, unit, comparison, measure) {
  const growth = growthOf(indicator, unit, comparison);
  const text = growth && growth[measure];
  if (!text) return '';
  return shown(linked(indicator, unit), `${measure}.${comparison}`, text,
    measure === 'pull' ? '个百分点' : '%');
}

function lackMark(indicator, unit) {
  const {lacking} = data().items[indicator];
  if (unit !== data().district || !lacking.length) return '';
  const names = lacking.map((each) => data().unitName.get(each)).join('、');
  return el('span', {class: 'lack', title: `未报或审核未通过：${names}`}, `缺${lacking.length}`,
    el('span', {class: 'sr'}, `个单位：${names}`));
}
