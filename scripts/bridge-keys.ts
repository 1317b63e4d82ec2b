import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { newCertificate } from '#bridge/spid/certificate.ts'
import { besideFile } from '#bridge/spid/entities.adapter.ts'
import { subjectOf } from '#bridge/spid/entity.input.ts'
import { entityNamed } from './lib/bridge-entity.ts'
import { Explained } from './lib/explain.ts'

const USAGE = `npm run bridge:keys -- ENTI.json --ente NOME [--giorni 1095] [--prova]
  crea la chiave e il certificato dell’ente che mancano fra i suoi «keys»; quelli che ci sono restano
  --giorni 1095   quanto dura il certificato
  --prova         anche per un ente privato, il cui certificato vero viene da AgID`

const THREE_YEARS = 1095
const MOST_DAYS = 3650

/** Writes a file that must not be there yet: a key that is lost cannot be made again. */
function writeNew(file: string, text: string, mode: number): void {
  mkdirSync(path.dirname(file), { recursive: true })
  writeFileSync(file, text, { flag: 'wx', mode })
}

/** `npm run bridge:keys`: a new key of an entity with its certificate, by the rules of SPID. */
export async function main(args: readonly string[], now = new Date()): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { ente: { type: 'string' }, giorni: { type: 'string' }, prova: { type: 'boolean' } },
  })
  const [file, ...others] = positionals
  const days = Number(values.giorni ?? THREE_YEARS)
  const { ente } = values
  if (!file || !ente || others.length > 0) throw new Explained(USAGE)
  if (!Number.isInteger(days) || days < 1 || days > MOST_DAYS) throw new Explained(USAGE)
  const entity = entityNamed(file, ente)
  if (entity.kind === 'private' && !values.prova)
    throw new Explained(
      'Il certificato di un ente privato lo rilascia AgID (Avviso 23): chiedilo lì. Con --prova se ne crea uno per gli ambienti di prova.',
    )
  const missing = entity.keys
    .map(({ certificateFile, privateKeyFile }) => ({
      certificate: besideFile(file, certificateFile),
      privateKey: besideFile(file, privateKeyFile),
    }))
    .find((one) => !existsSync(one.certificate) && !existsSync(one.privateKey))
  if (!missing)
    throw new Explained(
      'Non manca nessuna chiave. Per cambiarla, aggiungi in coda a «keys» i nomi della nuova: i metadata pubblicheranno tutte e due.',
    )
  const made = newCertificate(entity.kind, subjectOf(entity), { now, days })
  writeNew(missing.privateKey, made.privateKey, 0o600)
  writeNew(missing.certificate, made.certificate, 0o644)
  console.log(`Chiave: ${missing.privateKey}\nCertificato: ${missing.certificate}`)
  return 0
}
