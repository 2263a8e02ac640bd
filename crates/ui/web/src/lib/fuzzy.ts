// Ranks commands against what is typed: whole beginnings first, then beginnings of words, then letters in order.

/** A score above 0 when every letter of `query` occurs in `text` in order, 0 when not. */
export function score(text: string, query: string): number {
  const hay = fold(text);
  const needle = fold(query).trim();
  if (needle === '') return 1;
  if (hay.startsWith(needle)) return 1000 - hay.length;
  const word = hay.search(new RegExp(`[\\s:/-]${escape(needle)}`));
  if (word >= 0) return 800 - word;
  const inside = hay.indexOf(needle);
  if (inside >= 0) return 600 - inside;
  return scattered(hay, needle);
}

function scattered(hay: string, needle: string): number {
  let at = -1;
  let gaps = 0;
  for (const letter of needle.replace(/\s+/g, '')) {
    const next = hay.indexOf(letter, at + 1);
    if (next < 0) return 0;
    if (at >= 0) gaps += next - at - 1;
    at = next;
  }
  // Letters strewn over the whole text are a coincidence.
  return gaps > needle.length * 3 ? 0 : Math.max(1, 300 - gaps * 10);
}

function fold(text: string): string {
  return text.toLowerCase().normalize('NFD').replace(/\p{M}/gu, '');
}

function escape(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

/** The items that match, best first; equal ones keep their order. */
export function rank<T>(items: T[], query: string, text: (item: T) => string): T[] {
  return items
    .map((item, index) => ({ item, index, score: score(text(item), query) }))
    .filter((entry) => entry.score > 0)
    .sort((a, b) => b.score - a.score || a.index - b.index)
    .map((entry) => entry.item);
}
