import { ok, type Result, refused } from '#lib/kernel/result.ts'
import { isUuid } from '#lib/kernel/uuid.ts'
import { type BatchRequest, readBatch } from './batch.ts'
import { actionFromWord } from './meal.address.ts'

/** A change as it arrives at the door, understood but not yet judged. */
export type ChangeRequest = BatchRequest & { idempotencyKey: string; channel: 'web' | 'app' }

type Fields = { get(name: string): unknown; getAll(name: string): unknown[] }

/**
 * The batch in the fields of a form or an address: `figlio`, `giorno` (both repeatable), `dal`, `al`, `azione`.
 * A button for one day says it in one field: `cambia` = "disdici 2026-11-24".
 */
export function batchFromFields(fields: Fields): Result<BatchRequest> {
  const [verb, day] = String(fields.get('cambia') ?? '').split(' ')
  return readBatch({
    action: actionFromWord(verb || fields.get('azione')),
    pupilIds: fields.getAll('figlio'),
    days: day === undefined ? fields.getAll('giorno') : [day],
    from: fields.get('dal'),
    to: fields.get('al'),
  })
}

/** A form that changes meals: a batch and the key (`chiave`) that makes it happen once. */
export function changeFromForm(fields: Fields): Result<ChangeRequest> {
  return withKey(batchFromFields(fields), fields.get('chiave'), 'web')
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : [])

/** `{ action, pupilIds, days, from?, to?, idempotencyKey, channel? }` */
export function changeFromJson(body: unknown): Result<ChangeRequest> {
  if (!isRecord(body)) return refused('request:invalid')
  const batch = readBatch({
    action: body.action,
    pupilIds: listOf(body.pupilIds),
    days: listOf(body.days),
    from: body.from,
    to: body.to,
  })
  return withKey(batch, body.idempotencyKey, body.channel === 'app' ? 'app' : 'web')
}

function withKey(
  batch: Result<BatchRequest>,
  key: unknown,
  channel: ChangeRequest['channel'],
): Result<ChangeRequest> {
  if (!batch.ok) return batch
  const idempotencyKey = typeof key === 'string' ? key.toLowerCase() : key
  return isUuid(idempotencyKey) ? ok({ ...batch.value, idempotencyKey, channel }) : refused('request:invalid')
}
