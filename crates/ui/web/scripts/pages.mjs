// Serves the pages that tests rendered (target/pages/<app>/<name>.html) with the built assets and the same content
// security policy as the platform, for the accessibility run and for screenshots. Nothing outside is asked.
import { createServer } from 'node:http';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join, normalize } from 'node:path';

const web = new URL('..', import.meta.url).pathname;
const target = process.env.CARGO_TARGET_DIR ?? join(web, '../../../target');
export const folder = join(target, 'pages');

const KINDS = { html: 'text/html; charset=utf-8', js: 'text/javascript', css: 'text/css', svg: 'image/svg+xml' };
const POLICY =
  "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

/** Answers of the platform that islands ask for. */
const ANSWERS = {
  '/api/notifications/inbox': {
    unread: 3,
    items: [
      { id: '3', title: 'New sign-in from Firefox on Linux', body: 'If this was not you, change your password and end the session.', path: '/auth/security', created_at: new Date(Date.now() - 240_000).toISOString(), read: false },
      { id: '2', title: 'Grace Hopper accepted your invitation', body: '', path: '/app/accounts', created_at: new Date(Date.now() - 7_200_000).toISOString(), read: false },
      { id: '1', title: 'Backup completed', body: '12 GB in 4 minutes', path: '/app/notifications', created_at: new Date(Date.now() - 90_000_000).toISOString(), read: true },
    ],
  },
  '/api/accounts/search': { results: [{ title: 'Ada Lovelace', subtitle: 'ada@example.org', path: '/app/accounts/people/1', app: 'accounts' }] },
  '/app/ui-lab/suggestions': [{ value: 'Berlin' }, { value: 'Bern' }],
};

/** All pages there are, as `app/name`. */
export function pages() {
  if (!existsSync(folder)) return [];
  return readdirSync(folder).flatMap((app) =>
    readdirSync(join(folder, app))
      .filter((file) => file.endsWith('.html'))
      .map((file) => `${app}/${file.slice(0, -5)}`),
  );
}

/** The pages may be older than the assets: then the file of the same name with another hash is meant. */
function assetFile(name) {
  const assets = join(web, 'dist/assets');
  const exact = join(assets, normalize(`/${name}`));
  if (existsSync(exact)) return exact;
  const [, stem, extension] = name.match(/^(.+)-[\w-]{8}\.(\w+)$/) ?? [];
  const other = readdirSync(assets).find((file) => file.startsWith(`${stem}-`) && file.endsWith(`.${extension}`));
  return join(assets, other ?? 'missing');
}

function file(path) {
  const asset = path.match(/^\/public\/[^/]+\/ui\/(.+)$/);
  if (asset) return assetFile(asset[1]);
  return join(folder, normalize(`/${path}.html`));
}

/** Starts the server on a free port and says where. */
export async function serve() {
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url, 'http://localhost');
    if (pathname in ANSWERS) {
      response.setHeader('content-type', 'application/json').end(JSON.stringify(ANSWERS[pathname]));
      return;
    }
    const found = file(decodeURIComponent(pathname));
    if (!existsSync(found)) {
      response.writeHead(404).end();
      return;
    }
    response.setHeader('content-type', KINDS[found.split('.').pop()] ?? 'application/octet-stream');
    response.setHeader('content-security-policy', POLICY);
    response.end(readFileSync(found));
  });
  await new Promise((ready) => server.listen(0, '127.0.0.1', ready));
  return { address: `http://127.0.0.1:${server.address().port}`, close: () => server.close() };
}

/** Debian's Chromium, or the one CHROMIUM names. */
export const browser = {
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
};
