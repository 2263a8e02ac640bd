// Rows of links that are too long for a phone show the page one is on, not their beginning.

/** How far a row is to be scrolled for one of its links to stand in the middle. */
export function middle(row: number, link: { start: number; width: number }): number {
  return Math.max(link.start - (row - link.width) / 2, 0);
}

export function showCurrent(root: ParentNode = document): void {
  for (const link of root.querySelectorAll<HTMLElement>(':is(.subnav, .tabs) [aria-current]')) {
    const row = link.closest<HTMLElement>('.subnav, .tabs');
    if (!row) continue;
    const [outer, inner] = [row.getBoundingClientRect(), link.getBoundingClientRect()];
    const start = inner.left - outer.left + row.scrollLeft;
    row.scrollLeft = middle(outer.width, { start, width: inner.width });
  }
}
