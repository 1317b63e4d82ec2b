import { createHash, createPrivateKey, type KeyObject } from 'node:crypto'
import { readFileSync, statSync } from 'node:fs'
import path from 'node:path'
import { daysUntilEnd, isKeyOf, wrongInCertificate } from './certificate.ts'
import { type Entity, readEntities, subjectOf } from './entity.input.ts'
import { metadataOf } from './metadata.ts'

/** The keys of an entity as they are on the disk: the first one signs, all are published. */
export type EntityKeys = { key: KeyObject; certificates: readonly [string, ...string[]] }

/** What the operator reads of one entity: sentences that stop it, and what soon will. */
export type LoadedEntity = {
  entity: Entity
  wrong: readonly string[]
  warnings: readonly string[]
  keys: EntityKeys | null
}

/** Days before the end of a certificate from which the operator is told: AgID must have the new one long before. */
const WARN_FROM_DAYS = 60
const OTHERS_MAY_READ = 0o077

type ReadKey = { certificate: string; privateKey: string; wrong: string[]; warnings: string[] }

/** The files of a key are named from the folder of the file of entities. */
export const besideFile = (entitiesFile: string, name: string): string =>
  path.resolve(path.dirname(entitiesFile), name)

function readKey(entitiesFile: string, entity: Entity, at: number, now: Date): ReadKey {
  const { certificateFile, privateKeyFile } = entity.keys[at] as Entity['keys'][number]
  const privatePath = besideFile(entitiesFile, privateKeyFile)
  const certificate = readFileSync(besideFile(entitiesFile, certificateFile), 'utf8')
  const privateKey = readFileSync(privatePath, 'utf8')
  const { commonName: _, ...expected } = subjectOf(entity)
  const days = daysUntilEnd(certificate, now)
  const wrong = [
    ...wrongInCertificate(certificate, entity.kind, expected),
    ...(isKeyOf(certificate, privateKey) ? [] : [`${privateKeyFile} non è la chiave di ${certificateFile}`]),
    ...(statSync(privatePath).mode & OTHERS_MAY_READ
      ? [`${privateKeyFile} si legge da altri: deve avere modo 0600`]
      : []),
    ...(days < 0 ? [`${certificateFile} è scaduto`] : []),
  ]
  const warnings = days >= 0 && days <= WARN_FROM_DAYS ? [`${certificateFile} scade fra ${days} giorni`] : []
  return { certificate, privateKey, wrong, warnings }
}

function loadOne(entitiesFile: string, entity: Entity, now: Date): LoadedEntity {
  try {
    const read = entity.keys.map((_, at) => readKey(entitiesFile, entity, at, now))
    const wrong = read.flatMap((one) => one.wrong)
    const [first, ...others] = read
    const keys =
      first && wrong.length === 0
        ? {
            key: createPrivateKey(first.privateKey),
            certificates: [first.certificate, ...others.map(({ certificate }) => certificate)] as const,
          }
        : null
    return { entity, wrong, warnings: read.flatMap(({ warnings }) => warnings), keys }
  } catch (error) {
    return { entity, wrong: [(error as Error).message], warnings: [], keys: null }
  }
}

/**
 * The entities of a file with their keys, each judged by the rules of its kind; or what is wrong in the file itself.
 * @throws Error where the file cannot be read, or is no JSON
 */
export function loadEntities(
  entitiesFile: string,
  now: Date,
): { entities: LoadedEntity[] } | { wrong: string[] } {
  const read = readEntities(JSON.parse(readFileSync(entitiesFile, 'utf8')))
  return 'wrong' in read
    ? read
    : { entities: read.entities.map((entity) => loadOne(entitiesFile, entity, now)) }
}

/** The metadata of an entity: the same bytes at each call, as long as neither the entity nor its keys change. */
export function publishedMetadata(entity: Entity, keys: EntityKeys): string {
  const told = JSON.stringify([entity, keys.certificates])
  return metadataOf(entity, `_${createHash('sha256').update(told).digest('hex')}`, keys)
}
