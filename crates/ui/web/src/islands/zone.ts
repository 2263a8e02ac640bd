// Tells the server which time zone this device is in, once. A zone in the profile takes precedence there.

const COOKIE = 'cloud_zone';
const YEAR = 31_536_000;

export function startZone(): void {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  if (!zone) return;
  const value = encodeURIComponent(zone);
  if (document.cookie.split('; ').includes(`${COOKIE}=${value}`)) return;
  const secure = location.protocol === 'https:' ? '; Secure' : '';
  document.cookie = `${COOKIE}=${value}; Path=/; Max-Age=${YEAR}; SameSite=Lax${secure}`;
}
