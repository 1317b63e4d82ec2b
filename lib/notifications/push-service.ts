import { isIP } from 'node:net'

/**
 * May the portal post to this address? A subscription comes from a browser and cannot be trusted: only https on the usual port
 * of a service that the configuration names, never an address in numbers.
 * @param services names, `*.` before a domain for all below it; an origin (`http://127.0.0.1:4321`) stands for itself and is
 * accepted by the configuration in tests and demonstrations only
 */
export function isPushService(endpoint: string, services: readonly string[]): boolean {
  const url = URL.parse(endpoint)
  if (!url || endpoint.length > 1000 || url.username || url.password) return false
  if (services.includes(url.origin)) return true
  if (url.protocol !== 'https:' || url.port !== '' || isIP(url.hostname.replace(/^\[|\]$/g, ''))) return false
  return services.some((service) =>
    service.startsWith('*.') ? url.hostname.endsWith(service.slice(1)) : url.hostname === service,
  )
}
