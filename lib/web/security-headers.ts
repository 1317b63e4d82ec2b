type PolicyOptions = {
  /** New for every request; only scripts and styles that carry it run. */
  nonce: string
  /** Other origins to which a form of ours may lead: Chromium checks every redirect after a submission. */
  formOrigins: readonly string[]
  /** Next's development server evaluates code and injects styles. */
  development: boolean
}

/** The Content-Security-Policy of a page. No inline script, no inline style, no frame, no foreign source of anything. */
export function contentSecurityPolicy({ nonce, formOrigins, development }: PolicyOptions): string {
  const scripts = `'self' 'nonce-${nonce}' 'strict-dynamic'${development ? " 'unsafe-eval'" : ''}`
  const styles = development ? "'self' 'unsafe-inline'" : `'self' 'nonce-${nonce}'`
  return [
    "default-src 'self'",
    `script-src ${scripts}`,
    `style-src ${styles}`,
    "img-src 'self' data:",
    "worker-src 'self'",
    "object-src 'none'",
    "base-uri 'none'",
    `form-action ${["'self'", ...new Set(formOrigins)].join(' ')}`,
    "frame-ancestors 'none'",
  ].join('; ')
}

const ONE_YEAR_SECONDS = 365 * 24 * 60 * 60

/** The policy of an uploaded file: it may not run, load or frame anything, whichever type it has. */
export const FILE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox; frame-ancestors 'none'"

/** Headers of every answer. `https`: whether people reach the portal through TLS. */
export function securityHeaders({ https }: { https: boolean }): Record<string, string> {
  return {
    'X-Content-Type-Options': 'nosniff',
    // Our own pages still send the origin to us: the origin check of forms needs it.
    'Referrer-Policy': 'same-origin',
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Cross-Origin-Resource-Policy': 'same-origin',
    'Permissions-Policy': 'camera=(), geolocation=(), microphone=(), payment=(), usb=()',
    'X-Frame-Options': 'DENY',
    ...(https ? { 'Strict-Transport-Security': `max-age=${ONE_YEAR_SECONDS}; includeSubDomains` } : {}),
  }
}

/** The nonce of a policy that `contentSecurityPolicy` wrote, for the few elements that Next does not stamp by itself. */
export const nonceIn = (policy: string | null): string => /'nonce-([\w+/=]+)'/.exec(policy ?? '')?.[1] ?? ''
