import { describe, expect, test } from 'vitest';
import { counted, data, word } from '../src/lib/data';
import { el, isTyping, localPath } from '../src/lib/dom';
import { rank, score } from '../src/lib/fuzzy';
import { page } from './page';

describe('data', () => {
  test('words are filled and a missing one shows its key', () => {
    page('', { words: { hello: 'Hello {name}, {other}' } });
    expect(word('hello', { name: '<b>' })).toBe('Hello <b>, {other}');
    expect(word('absent')).toBe('absent');
  });

  test('counts have three forms and group digits', () => {
    page('', { lang: 'de', counts: { n: ['keine', 'eine', '{count} Dinge'] } });
    expect([0, 1, 12_345].map((n) => counted('n', n))).toEqual(['keine', 'eine', '12.345 Dinge']);
  });

  test('a broken block is an empty one', () => {
    page('');
    document.getElementById('shell-data')!.textContent = '{';
    expect(data().commands).toEqual([]);
  });
});

describe('paths', () => {
  test.each(['/', '/app/hello?x=1#y', '/a//b'])('%s is local', (path) => {
    expect(localPath(path)).toBe(path);
  });

  test.each(['', '//evil.example', 'https://evil.example', 'javascript:alert(1)', '/\\evil.example', '\\\\evil', 'app', 7, null, undefined])(
    '%s is not',
    (path) => {
      expect(localPath(path)).toBeUndefined();
    },
  );
});

describe('elements', () => {
  test('children are text, never HTML', () => {
    expect(el('p', { title: '"', hidden: true }, '<b>x</b>').outerHTML).toBe(
      '<p title="&quot;" hidden="">&lt;b&gt;x&lt;/b&gt;</p>',
    );
  });

  test('fields are for typing', () => {
    page('<input id="a"><p id="b">x</p>');
    expect(isTyping(document.getElementById('a'))).toBe(true);
    expect(isTyping(document.getElementById('b'))).toBe(false);
    expect(isTyping(null)).toBe(false);
  });
});

describe('ranking', () => {
  test('beginnings come before words before letters', () => {
    const items = ['Account settings', 'Settings', 'Best things', 'Logs'];
    expect(rank(items, 'set', (it) => it)).toEqual(['Settings', 'Account settings']);
    expect(rank(items, '', (it) => it)).toEqual(items);
  });

  test('accents and case do not matter', () => {
    expect(score('Übersicht', 'uber')).toBeGreaterThan(0);
    expect(score('Overview', 'xyz')).toBe(0);
  });

  test('letters strewn over a long text are a coincidence', () => {
    expect(score('User groups', 'ugr')).toBeGreaterThan(0);
    expect(score('a very long sentence about nothing at all, zebra', 'abz')).toBe(0);
  });

  test('what is typed is no pattern', () => {
    expect(score('a.b', 'a.b')).toBeGreaterThan(0);
    expect(score('axb', 'a.b')).toBe(0);
    expect(() => score('x', '(((')).not.toThrow();
  });
});
