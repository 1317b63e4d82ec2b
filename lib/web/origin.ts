/**
 * Did this request to change something come from our own pages?
 * Next runs a server action when the Origin header is missing, and believes X-Forwarded-Host: this check does neither.
 * Without an Origin, only a browser that says `Sec-Fetch-Site: same-origin` is believed.
 * @param publicOrigin scheme, host and port, as people type them
 */
export function fromOurPages(headers: { get(name: string): string | null }, publicOrigin: string): boolean {
  const origin = headers.get('origin')
  if (origin !== null) return origin === publicOrigin
  return headers.get('sec-fetch-site') === 'same-origin'
}
