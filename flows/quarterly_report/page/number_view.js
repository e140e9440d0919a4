// The view of a number: what it is, how it compares, what it is made of, where that stands.

function termNumber(term, unit, toDate) {
  const count = data().counts[term];
  if (count) return (count.of[unit] || [NONE, NONE])[toDate];
  const level = levelOf(term, unit);
  if (!level) return NONE;
  return shown(linked(term, unit), toDate ? 'year_to_date' : 'value',
    toDate ? level.toDate : level.value, '', toDate ? level.toDateWhy : level.why);
}

function formula(item, indicator, unit) {
  if (!item.formula) return '';
  const level = levelOf(indicator, unit);
  const parts = item.formula.map((each) =>
    (Array.isArray(each) ? termNumber(each[0], unit, each[1]) : each));
  return [el('span', {class: 'formula'}, item.said), el('br'), parts, ' ＝ ', minus(level.value),
    level.value === HIDDEN || level.value === NONE ? '' : el('span', {class: 'u'}, item.unit)];
}

function comparisonsTable(indicator, unit) {
  const item = data().items[indicator];
  const there = data().comparisons.filter(([name]) => growthOf(indicator, unit, name));
  const cell = (name, measure, growth, mark) => right(growth[measure] === '' ? NONE :
    shown({indicator, unit}, `${name}.${measure}`, String(growth[measure]), mark || ''));
  const shares = there.some(([name]) => growthOf(indicator, unit, name).pull);
  const matched = there.some(([name]) => growthOf(indicator, unit, name).units);
  const heads = [['比较'], ['本期', 1], ['基期', 1], ['增减', 1], ['增速', 1]];
  if (matched) heads.push(['同口径单位', 1], ['同口径本期', 1], ['同口径基期', 1], ['同口径增速', 1]);
  if (shares) heads.push(['贡献率', 1], ['拉动', 1]);
  heads.push(['说明']);
  const rows = there.map(([name, title]) => {
    const growth = growthOf(indicator, unit, name);
    const one = [cell(name, 'value', growth), cell(name, 'base', growth),
      cell(name, 'change', growth, item.points ? '个百分点' : ''), cell(name, 'rate', growth, '%')];
    const plain = (text) => right(text === '' ? NONE : minus(String(text)));
    if (matched) {
      one.push(plain(growth.units ? `${growth.units}个` : ''), plain(growth.matched_value),
        plain(growth.matched_base), cell(name, 'matched_rate', growth, '%'));
    }
    if (shares) {
      for (const [measure, mark] of [['contribution', '%'], ['pull', '个百分点']]) {
        one.push(right(growth[measure] === '' ? NONE :
          shown({indicator, unit}, `${measure}.${name}`, growth[measure], mark)));
      }
    }
    const said = growth.moved === growth.said ? [growth.said] : [growth.said, '；', growth.moved];
    return el('tr', null, el('th', {scope: 'row'}, title), one, el('td', {class: 'text'}, said, '。',
      growth.restated ? '基期为合并前各单位之和。' : ''));
  });
  return table('对比', heads, rows);
}

function chart(indicator, unit) {
  const [level, , history] = record(indicator, unit);
  const texts = [...history, level[0]];
  const amounts = texts.map((text) => (text === HIDDEN || text === NONE ? null :
    Number(text.replace(/,/g, ''))));
  const known = amounts.filter((each) => each !== null);
  const low = Math.min(0, ...known);
  const span = Math.max(0, ...known) - low || 1;
  const y = (amount) => 72 - 72 * (amount - low) / span;
  const bar = (amount) => svg('rect', {x: 8, width: 20, y: Math.min(y(amount), y(0)).toFixed(1),
    height: Math.max(Math.abs(y(amount) - y(0)), 1).toFixed(1)});
  return el('ol', {class: 'chart', tabindex: 0, 'aria-label': '各季度数值'}, texts.map((text, at) =>
    el('li', null, el('b', null, minus(text)), svg('svg', {width: 36, height: 73, 'aria-hidden': 'true'},
      amounts[at] === null ? '' : bar(amounts[at])), data().quarters[at])));
}

function unitsTable(indicator) {
  const units = data().units.filter(([code]) => code !== data().district && record(indicator, code));
  const comparison = ['yoy', 'qoq'].find((each) =>
    units.some(([code]) => (growthOf(indicator, code, each) || {}).pull));
  const compared = ['yoy', 'qoq'].filter((each) => units.some(([code]) => growthOf(indicator, code, each)));
  const heads = [['单位'], ['本季', 1], ...compared.map((each) => [nameOf(each), 1])];
  const note = comparison ? `（${nameOf(comparison)}）` : '';
  if (comparison) heads.push([`贡献率${note}`, 1], [`拉动${note}`, 1]);
  heads.push(['报送月数', 1]);
  const rows = units.map(([code, name]) => el('tr', null,
    el('th', {scope: 'row'}, el('a', {href: unitHref(code)}, name)), right(valueLink(indicator, code)),
    compared.map((each) => right(shortCell(indicator, code, each))),
    comparison ? [right(share(indicator, code, comparison, 'contribution') || NONE),
      right(share(indicator, code, comparison, 'pull') || NONE)] : '',
    right(`${levelOf(indicator, code).months}个月`)));
  return [el('h3', null, '各单位'), table('各单位', heads, rows)];
}

// ---- The months behind a unit's number

const MARKS = {'-': [NONE, '无数据'], m: [NONE, '未报'], x: [NONE, '审核未通过'], '/': [NONE, '不适用'], [HIDDEN]: [HIDDEN, '']};

function monthValue(text) {
  if (MARKS[text]) return [MARKS[text][0], MARKS[text][1] || data().withheld];
  const history = text[0] === 'h';
  const rest = history ? text.slice(1) : text;
  const toDate = rest[0] === 'c';
  return [minus(toDate ? rest.slice(1) : rest),
    (history ? '历史资料' : '已报') + (toDate ? '（本年累计）' : '')];
}

/** Cells from their runs: "D6*2 -" is D6, D7 and none. */
function cells(runs) {
  const found = [];
  for (const run of runs.split(' ')) {
    const [first, times] = run.split('*');
    const [, column, row] = /^([A-Z]+)(\d+)$/.exec(first) || [null, null, null];
    for (let at = 0; at < Number(times || 1); at += 1) {
      found.push(column ? column + (Number(row) + at) : first);
    }
  }
  return found;
}

function placeOf(term, unit, at) {
  const {forms, sources, files, sheets} = data().behind;
  const form = Object.keys(forms).find((each) => forms[each].includes(term));
  const found = ((sources[form] || {})[unit] || [])[at] || [];
  for (const [file, sheet, runs] of found) {
    const cell = cells(runs)[forms[form].indexOf(term)];
    if (cell !== '-') {
      const [name, received, submission] = files[file];
      return {name: name || submission, received, submission, sheet: sheets[sheet], cell: cell === '.' ? '' : cell};
    }
  }
  return null;
}

function monthsTable(term, unit) {
  const {months, values} = data().behind;
  const name = (data().items[term] || data().counts[term]).name;
  const line = (values[term] || {})[unit];
  if (!line) return [el('h3', null, `${name}：各月来源`), el('p', null, '没有各月数据。')];
  const counted = Boolean(data().counts[term]);
  const rows = line.split(' ').map((text, at) => {
    const [value, said] = monthValue(text);
    const mark = counted && !MARKS[text] ? '统计得出' : said;
    const place = text === HIDDEN ? null : placeOf(term, unit, at);
    const where = place ? [td(el('span', {title: `文件编号 ${place.submission}`}, place.name)), td(place.sheet || NONE),
      td(place.cell || (counted ? '按台账各行统计' : NONE)), el('td', {class: 'nb'}, place.received)] :
      [td(counted && !MARKS[text] ? '按报送记录统计' : NONE), td(NONE), td(NONE), td(NONE)];
    return el('tr', {class: at >= months.length - 3 ? 'own' : ''}, el('th', {scope: 'row', class: 'nb'}, months[at]), right(value), td(mark), where);
  }).reverse();
  return [el('h3', null, `${name}：各月来源`), table(`${name}：各月来源`,
    [['月份'], ['数值', 1], ['情况'], ['文件'], ['工作表'], ['单元格'], ['收到时间']], rows)];
}

function numberView(indicator, unit) {
  const item = data().items[indicator];
  const level = levelOf(indicator, unit);
  const isDistrict = unit === data().district;
  const place = {indicator, unit};
  const programme = data().programmes.find(([name]) => name === item.programme);
  const target = isDistrict && data().targets[indicator];
  const lacking = isDistrict && item.lacking.length ? item.lacking.map((each, at) =>
    [at ? '、' : '', el('a', {href: numberHref(indicator, each)}, data().unitName.get(each))]) : '';
  const toDate = item.flow ? shown(place, 'year_to_date', level.toDate, item.unit, level.toDateWhy) : '';
  return [
    el('p', {class: 'crumbs'}, programme ? el('a', {href: `#/programme/${programme[0]}`}, programme[1]) : '综合',
      ' · ', isDistrict ? data().unitName.get(unit) : el('a', {href: unitHref(unit)}, data().unitName.get(unit)),
      isDistrict ? '' : [' · ', el('a', {href: numberHref(indicator, data().district)}, '全区')]),
    heading(`${data().unitName.get(unit)}${item.name}`),
    el('p', {class: 'hero'}, shown(place, 'value', level.value, item.unit, level.why), lackMark(indicator, unit)),
    level.why ? el('p', {class: 'note'}, level.value === HIDDEN ? `＊ ${level.why}。` : `— ${level.why}。`) : '',
    pairs([['报告期', `${data().quarter}（${data().state}）`], ['本年累计', toDate],
      ['报送月数', `${level.months}个月`], ['已报单位', isDistrict ? `${level.reported} / ${level.expected}个` : ''],
      ['未计入', lacking]]),
    el('h3', null, '指标解释'),
    pairs([['类型', `${item.kind}，计量单位：${item.unit}`], ['定义', item.definition],
      ['来源', item.form || ''], ['计算', formula(item, indicator, unit)]], 'one'),
    item.formula ? el('p', {class: 'note'}, '计算按未四舍五入的数据进行，与上列取整后的数可能略有出入。') : '',
    target ? [el('h3', null, '目标进度'), pairs([['情况', target.said], ['序时进度', target.expected],
      ...target.numbers.map(([label, measure, text, mark]) => [label, shown(place, measure, text, mark)])])] : '',
    el('h3', null, '对比'), comparisonsTable(indicator, unit),
    el('h3', null, '各季度数值'), chart(indicator, unit),
    isDistrict ? unitsTable(indicator) :
      (item.terms || [indicator]).map((term) => monthsTable(term, unit)),
  ];
}
