import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { judgeAnswer } from '#bridge/spid/answer.ts'
import { ANSWER_CHECKS } from '#bridge/spid/answer-checks.ts'
import { readIdentityProvider } from '#bridge/spid/identity-provider.ts'
import { readInstant } from '#bridge/spid/instant.ts'
import type { Level } from '#lib/identity/levels.ts'
import { entityNamed } from './lib/bridge-entity.ts'
import { Explained } from './lib/explain.ts'

const USAGE = `npm run bridge:answer -- RISPOSTA --enti ENTI.json --ente NOME --gestore METADATA.xml --richiesta ID --istante QUANDO [--livello 2] [--ora QUANDO]
  dice quale controllo non supera una risposta di un gestore SPID (il campo SAMLResponse, in Base64, in un file)
  --richiesta   l’ID della richiesta, --istante quando è partita (2026-12-01T08:30:15Z), --livello quello chiesto
  --ora         quando la risposta è arrivata (adesso, se non è detto)`

const OPTIONS = {
  enti: { type: 'string' },
  ente: { type: 'string' },
  gestore: { type: 'string' },
  richiesta: { type: 'string' },
  istante: { type: 'string' },
  livello: { type: 'string' },
  ora: { type: 'string' },
} as const

const isLevel = (level: number): level is Level => level === 1 || level === 2 || level === 3

/**
 * `npm run bridge:answer`: why an answer was refused, for who speaks with AgID or with an identity provider. It prints nothing
 * of the person.
 */
export async function main(args: readonly string[], now = new Date()): Promise<number> {
  const { values, positionals } = parseArgs({ args: [...args], allowPositionals: true, options: OPTIONS })
  const [answer, ...others] = positionals
  const { enti, ente, gestore, richiesta } = values
  const instant = readInstant(values.istante ?? null)
  const arrived = values.ora === undefined ? now.getTime() : readInstant(values.ora)
  const level = Number(values.livello ?? 2)
  if (!answer || others.length > 0 || !enti || !ente || !gestore || !richiesta) throw new Explained(USAGE)
  if (instant === null || arrived === null || !isLevel(level)) throw new Explained(USAGE)
  const entity = entityNamed(enti, ente)
  const judgement = judgeAnswer(readFileSync(answer, 'utf8').trim(), {
    request: { id: richiesta, instant: new Date(instant), level },
    entityId: entity.entityId,
    assertionConsumer: entity.assertionConsumer,
    provider: readIdentityProvider(readFileSync(gestore, 'utf8')),
    now: new Date(arrived),
  })
  console.log(
    judgement.ok
      ? `✓ Accettata: livello ${judgement.value.level}, Assertion ${judgement.value.assertionId}`
      : `✗ Rifiutata: ${ANSWER_CHECKS[judgement.check]}. La persona legge «${judgement.code}».`,
  )
  return judgement.ok ? 0 : 1
}
