import { h } from 'preact';
import { renderToString } from 'preact-render-to-string';
import { describe, expect, it } from 'vitest';
import { Bars } from '../../../../server/charts/bars.js';
import { Sparkline } from '../../../../server/charts/sparkline.js';
import { TimeChart, type TimeChartProps } from '../../../../server/charts/time-chart.js';

const day = (number: number): Date => new Date(Date.UTC(2026, 0, number));
const wildName = '<script>alert(1)</script> مدّ 🌊 "quoted"';

const props: TimeChartProps = {
  id: 'test',
  name: 'Views a day',
  period: '1 Jan to 5 Jan 2026',
  range: [day(1), day(8)],
  lines: [
    {
      name: wildName,
      colour: 1,
      style: 'solid',
      points: [1, 2, null, 7, 3].map((value, index) => ({ at: day(index + 1), value, complete: index < 4 })),
    },
    { name: 'Previous period', colour: 2, style: 'dashed', points: [{ at: day(1), value: 4 }] },
  ],
  bands: [{ name: '80 %', strength: 'strong', points: [{ at: day(6), low: 1, high: 4 }] }],
  marks: [
    { at: day(4), value: 7, shape: 'diamond', text: '2026-01-04, spike up: 7, expected 1 to 4' },
    { at: day(2), value: null, shape: 'flag', text: 'A note' },
    { at: day(5), value: 3, shape: 'correction', text: 'platform correction: the counter fell' },
  ],
  rules: [{ at: day(3), kind: 'definition', text: 'counted otherwise from here on' }],
};
const markup = renderToString(h(TimeChart, props));

describe('a chart over time', () => {
  it('has its name and period, and every event by its words', () => {
    expect(markup).toContain('<title id="test-wide-title">Views a day, 1 Jan to 5 Jan 2026</title>');
    for (const { text } of [...props.marks!, ...props.rules!])
      expect(markup).toContain(`role="img" aria-label="${text}"`);
    expect(markup).toContain('platform correction');
  });

  it('shows a day that is not over as a hollow point, and no other', () => {
    expect(markup.match(/class="hollow/g)).toHaveLength(2);
  });

  it('tells lines apart by dash as well as by colour', () => {
    expect(markup).toContain('class="line line-solid colour-1"');
    expect(markup).toContain('class="line line-dashed colour-2"');
  });

  it('brings no style, script or event handler of its own, whatever its names hold', () => {
    expect(markup).not.toMatch(/<script|\sstyle=|\son[a-z]+=/);
    expect(markup).toContain('&lt;script>alert(1)');
  });

  it('draws a year by the minute with a thousand points at most', () => {
    const points = Array.from({ length: 20_000 }, (_, index) => ({
      at: new Date(day(1).getTime() + index * 60_000),
      value: index === 12_345 ? 1e6 : index % 7,
    }));
    const large = renderToString(
      h(TimeChart, { ...props, marks: [], lines: [{ name: 'All', colour: 1, style: 'solid', points }] }),
    );
    const data = JSON.parse(/data-chart="([^"]*)"/.exec(large)![1]!.replaceAll('&quot;', '"')) as {
      times: number[];
      series: { values: number[] }[];
    };
    expect(data.times.length).toBeLessThanOrEqual(1_000);
    expect(data.series[0]!.values).toContain(1e6);
  });
});

describe('bars', () => {
  it('tell name and figure, the longest first', () => {
    const bars = renderToString(
      h(Bars, {
        ...{ id: 'b', name: 'Views by platform', period: '2026' },
        bars: [
          { name: 'TikTok', value: 1, text: '1' },
          { name: 'YouTube', value: 1_234, text: '1,234' },
        ],
      }),
    );
    expect([...bars.matchAll(/aria-label="([^"]+)"/g)].map(([, name]) => name)).toEqual([
      'YouTube: 1,234',
      'TikTok: 1',
    ]);
  });
});

describe('a sparkline', () => {
  it('is drawn from two values on', () => {
    const points = [1, null, 3].map((value, index) => ({ at: day(index + 1), value }));
    expect(renderToString(h(Sparkline, { points }))).toContain('aria-hidden');
    expect(renderToString(h(Sparkline, { points: points.slice(0, 2) }))).toBe('');
  });
});
