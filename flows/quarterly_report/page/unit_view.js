// The view of a unit: its indicators, what it reported when, its open findings.

function picker(current) {
  const units = data().units.filter(([code]) => code !== data().district);
  const select = el('select', {id: 'pick', 'aria-label': '选择单位'}, units.map(([code, name]) =>
    el('option', {value: code, selected: code === current ? 'selected' : undefined}, name)));
  const go = el('button', {type: 'button'}, '查看');
  go.addEventListener('click', () => { go_to(`#/unit/${select.value}`); });
  return el('div', {class: 'picker'}, select, go);
}

function unitRows(unit, indicators, withShares) {
  return indicators.filter((each) => record(each, unit)).map((each) => {
    const item = data().items[each];
    const level = levelOf(each, unit);
    const comparison = shareOf(each, unit);
    const toDate = item.flow ?
      shown(linked(each, unit), 'year_to_date', level.toDate, '', level.toDateWhy) : '';
    const shares = withShares && [
      right(comparison && share(each, unit, comparison, 'contribution')),
      right(comparison && share(each, unit, comparison, 'pull')),
      td(comparison ? el('span', {class: 'small'}, comparison === 'yoy' ? '上年同期' : '上季度') : '')];
    return el('tr', null, el('th', {scope: 'row'}, item.name, ' ', el('span', {class: 'small nb'}, item.unit)),
      right(valueLink(each, unit)), right(toDate),
      right(shortCell(each, unit, 'yoy')), right(shortCell(each, unit, 'qoq')), shares || []);
  });
}

const nameOf = (comparison) => data().comparisons.find(([each]) => each === comparison)[1];

/** The comparison in which the unit's part of the district's change is known. */
function shareOf(indicator, unit) {
  return ['yoy', 'qoq'].find((each) => (growthOf(indicator, unit, each) || {}).pull);
}

function reportingRecord(unit) {
  const forms = Object.entries(data().coverage[unit] || {});
  if (!forms.length) return el('p', null, '本年没有应报的报表。');
  const rows = forms.map(([form, line]) => el('tr', null,
    el('th', {scope: 'row'}, data().forms[form]), Array.from(line).map((sign) => {
      const [state, said] = data().states[sign] || ['', ''];
      return td(state ? el('span', {class: `s ${state}`}, el('span', {'aria-hidden': 'true'}, sign),
        el('span', {class: 'sr'}, said)) : '');
    })));
  const legend = Object.entries(data().states).map(([sign, [state, said]]) =>
    el('span', null, el('b', {class: `s ${state}`}, sign), said));
  return [el('p', {class: 'legend'}, legend),
    table('报送记录', [['报表'], ...data().year.map((month) => [month])], rows, 'record')];
}

function unitFindings(unit) {
  const all = document.getElementById('findings');
  const own = all ? Array.from(all.tBodies[0].rows).filter((row) => row.dataset.unit === unit) : [];
  if (!own.length) return el('p', null, '没有未办结的问题。');
  return el('div', {class: 'scroll', tabindex: 0, role: 'region', 'aria-label': '未办结问题'},
    el('table', null, all.tHead.cloneNode(true),
      el('tbody', null, own.map((row) => row.cloneNode(true)))));
}

function unitView(unit) {
  const plain = [['指标'], ['本季', 1], ['本年累计', 1], ['同比', 1], ['环比', 1]];
  const shares = [['贡献率', 1], ['拉动', 1], ['比较基期']];
  const groups = [...data().programmes, ['', '综合', data().others]]
    .map(([, name, indicators]) => {
      // Where the district has no rate its units have no part in it.
      const any = indicators.some((each) => shareOf(each, unit));
      return [name, unitRows(unit, indicators, any), any ? plain.concat(shares) : plain];
    })
    .filter(([, rows]) => rows.length);
  return [
    el('p', {class: 'crumbs'}, el('a', {href: '#/units'}, '填报单位')),
    el('div', {class: 'head'}, heading(data().unitName.get(unit)), picker(unit)),
    groups.map(([name, rows, heads]) => [el('h3', null, name), table(`${name}：指标`, heads, rows, 'numbers unit-table')]),
    el('h3', null, '报送记录'), reportingRecord(unit),
    el('h3', null, '未办结问题'), unitFindings(unit),
  ];
}
