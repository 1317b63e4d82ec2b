import { readFileSync } from 'node:fs'
import { readService, type Service } from './requests.ts'

export type SpidSimulatorConfig = { port: number; host: string | undefined; origin: string; service: Service }

/**
 * Reads the simulator’s own environment.
 * @throws Error with a sentence to print, also when a simulator is started in production
 */
export function readConfig(env: Readonly<Record<string, string | undefined>>): SpidSimulatorConfig {
  if (env.NODE_ENV === 'production' && env.DEMO !== '1')
    throw new Error(
      'Il simulatore di SPID fa entrare chiunque: con NODE_ENV=production parte solo nella dimostrazione (DEMO=1).',
    )
  const need = (name: string): string => {
    const value = env[name]
    if (!value) throw new Error(`Simulatore di SPID: manca la variabile ${name}.`)
    return value
  }
  const port = Number(need('PORT'))
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new Error('Simulatore di SPID: PORT deve essere un numero di porta.')
  return {
    port,
    host: env.HOST,
    origin: need('ORIGIN'),
    service: readService(readFileSync(need('SPID_SERVICE_METADATA_FILE'), 'utf8')),
  }
}
