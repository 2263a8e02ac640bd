// The data block of a page, for islands under test.
import { forget, type ShellData } from '../src/lib/data';

export function page(html: string, data: Partial<ShellData> = {}): void {
  // Parsed first and put on the page whole, as a browser does before a module runs.
  const parsed = document.createElement('div');
  parsed.innerHTML = html;
  document.body.replaceChildren(...parsed.childNodes);
  const block = document.createElement('script');
  block.type = 'application/json';
  block.id = 'shell-data';
  block.textContent = JSON.stringify(data);
  document.body.append(block);
  forget();
}

/** Lets everything that is already due happen. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < 5; turn += 1) await Promise.resolve();
}
