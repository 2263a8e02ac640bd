import { describe, expect, test } from 'vitest';
import { shapes, sprite } from '../build/icons';

describe('icons', () => {
  const svg = '<!--\ntags: [x]\n-->\n<svg\n  xmlns="http://www.w3.org/2000/svg"\n  width="24"\n>\n  <path d="M1 1" />\n  <path d="M2 2" />\n</svg>\n';

  test('only the shapes are kept, on one line', () => {
    expect(shapes(svg)).toBe('<path d="M1 1"/><path d="M2 2"/>');
  });

  test('lines are sorted as bytes, which the search relies on', () => {
    const names = ['b', 'a-b', 'a', 'a2', 'ab'];
    const text = sprite(new Map(names.map((name) => [name, svg])));
    expect(text.split('\n').map((line) => line.split('\t')[0])).toEqual(['a', 'a-b', 'a2', 'ab', 'b']);
  });
});
