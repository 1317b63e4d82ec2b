import { readFileSync } from 'node:fs'
import { type Entity, readEntities } from '#bridge/spid/entity.input.ts'
import { Explained } from './explain.ts'

/**
 * The entity of this name in a file of entities.
 * @throws Explained where the file is not right or has no such entity
 */
export function entityNamed(file: string, name: string): Entity {
  const read = readEntities(JSON.parse(readFileSync(file, 'utf8')))
  if ('wrong' in read) throw new Explained(read.wrong.join('\n'))
  const found = read.entities.find((entity) => entity.name === name)
  if (!found) throw new Explained(`${file} non ha l’ente «${name}».`)
  return found
}
