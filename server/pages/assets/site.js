// Makes charts answer to pointer and keyboard, and the search as one types. Everything is there without it.
const numbers = new Intl.NumberFormat('en-GB', { maximumSignificantDigits: 8 });

for (const figure of document.querySelectorAll('figure[data-chart]')) chart(figure);
for (const form of document.querySelectorAll('form[data-search]')) searchAsTyped(form);

function chart(figure) {
  const { times, zone, series } = JSON.parse(figure.dataset.chart);
  const reading = figure.querySelector('.chart-reading');
  if (times.length === 0 || reading === null) return;
  for (const plot of figure.querySelectorAll('.plot'))
    interactive(plot, { times, clock: clockOf(zone), series, reading });
}

function interactive(plot, { times, clock, series, reading }) {
  const [from, to, left, right, top, bottom] = ['from', 'to', 'left', 'right', 'top', 'bottom'].map((name) =>
    Number(plot.dataset[name]),
  );
  const cursor = plot.querySelector('.cursor');
  const placeOf = (time) => left + ((time - from) / (to - from)) * (right - left);
  const timeAt = (event) => {
    const box = plot.getBoundingClientRect();
    const x = ((event.clientX - box.left) / box.width) * plot.viewBox.baseVal.width;
    return from + ((Math.min(right, Math.max(left, x)) - left) / (right - left)) * (to - from);
  };
  const nearest = (time) => {
    let best = 0;
    for (let index = 1; index < times.length; index += 1)
      if (Math.abs(times[index] - time) < Math.abs(times[best] - time)) best = index;
    return best;
  };
  let current = -1;
  const show = (index) => {
    current = index;
    const x = placeOf(times[index]);
    cursor.replaceChildren(shape('line', { x1: x, x2: x, y1: top, y2: bottom }));
    const told = series.flatMap(({ name, values }) =>
      values[index] === null ? [] : [`${name} ${numbers.format(values[index])}`],
    );
    reading.textContent = `${clock(times[index]).moment}: ${told.length === 0 ? 'no value' : told.join(' · ')}`;
  };

  plot.setAttribute('tabindex', '0');
  plot.addEventListener('keydown', (event) => {
    const step = { ArrowLeft: -1, ArrowRight: 1, PageUp: -7, PageDown: 7 }[event.key];
    const end = { Home: 0, End: times.length - 1 }[event.key];
    if (step === undefined && end === undefined) return;
    event.preventDefault();
    const begun = current < 0 ? times.length - 1 : current + (step ?? 0);
    show(end ?? Math.min(times.length - 1, Math.max(0, begun)));
  });

  let begin = null;
  plot.addEventListener('pointerdown', (event) => {
    if (event.button === 0 && event.pointerType !== 'touch') begin = timeAt(event);
  });
  plot.addEventListener('pointermove', (event) => {
    const time = timeAt(event);
    show(nearest(time));
    if (begin === null) return;
    const [a, b] = [placeOf(begin), placeOf(time)].sort((one, other) => one - other);
    cursor.append(shape('rect', { x: a, y: top, width: b - a, height: bottom - top }));
  });
  plot.addEventListener('pointerleave', () => {
    if (begin === null) cursor.replaceChildren();
  });
  addEventListener('pointerup', (event) => {
    if (begin === null) return;
    const [first, last] = [begin, timeAt(event)].sort((one, other) => one - other);
    begin = null;
    cursor.replaceChildren();
    if (placeOf(last) - placeOf(first) < 12) return;
    const address = new URL(location.href);
    address.searchParams.set('range', 'custom');
    address.searchParams.set('from', clock(first).day);
    address.searchParams.set('to', clock(last).day);
    location.assign(address);
  });
  addEventListener('keydown', (event) => {
    if (event.key !== 'Escape') return;
    begin = null;
    cursor.replaceChildren();
  });
}

function shape(name, attributes) {
  const element = document.createElementNS('http://www.w3.org/2000/svg', name);
  for (const [attribute, value] of Object.entries(attributes)) element.setAttribute(attribute, value);
  return element;
}

// Days stand by themselves; hours are those of a zone, with its short name, since an hour may come twice.
function clockOf(zone) {
  if (zone === null)
    return (time) => {
      const day = new Date(time).toISOString().slice(0, 10);
      return { day, moment: day };
    };
  const digits = { year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit' };
  const format = new Intl.DateTimeFormat('en-GB', {
    ...digits,
    ...{ hourCycle: 'h23', timeZone: zone, timeZoneName: 'short' },
  });
  return (time) => {
    const part = Object.fromEntries(format.formatToParts(time).map(({ type, value }) => [type, value]));
    const day = `${part.year}-${part.month}-${part.day}`;
    return { day, moment: `${day} ${part.hour}:${part.minute} ${part.timeZoneName}` };
  };
}

// The server finds; what it answers takes the place of what was found before.
function searchAsTyped(form) {
  const found = document.getElementById(form.dataset.search);
  const field = form.querySelector('input[type=search]');
  let waiting = 0;
  let asked = null;
  field.addEventListener('input', () => {
    clearTimeout(waiting);
    waiting = setTimeout(async () => {
      asked?.abort();
      asked = new AbortController();
      const address = new URL(form.action);
      if (field.value.trim() !== '') address.searchParams.set('q', field.value);
      try {
        const answer = await fetch(address, { signal: asked.signal, headers: { accept: 'text/html' } });
        if (!answer.ok) return;
        const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
        found.replaceChildren(...page.getElementById(found.id).childNodes);
        history.replaceState(null, '', address);
      } catch (error) {
        if (error.name !== 'AbortError') throw error;
      }
    }, 200);
  });
}
