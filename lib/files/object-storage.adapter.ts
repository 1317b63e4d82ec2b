import { AwsClient } from 'aws4fetch'
import type { Env } from '#lib/kernel/env.ts'

/** The storage of files that are not in the database. Keys are `municipality/file`; a key is written once. */
export type ObjectStorage = {
  put(key: string, bytes: Uint8Array, mediaType: string): Promise<void>
  /** null when there is nothing under the key. */
  get(key: string): Promise<Uint8Array | null>
}

const TIMEOUT_MS = 8_000

/** The S3-compatible storage of the environment, or null when files live in the database. */
export function objectStorage(env: Env): ObjectStorage | null {
  if (env.FILES_STORE !== 's3') return null
  const { FILES_S3_ENDPOINT, FILES_S3_BUCKET, FILES_S3_ACCESS_KEY_ID, FILES_S3_SECRET_ACCESS_KEY } = env
  const client = new AwsClient({
    accessKeyId: FILES_S3_ACCESS_KEY_ID as string,
    secretAccessKey: FILES_S3_SECRET_ACCESS_KEY as string,
    region: env.FILES_S3_REGION,
    service: 's3',
    retries: 2,
  })
  const call = (key: string, init: RequestInit) =>
    client.fetch(`${FILES_S3_ENDPOINT}/${FILES_S3_BUCKET}/${key}`, {
      ...init,
      signal: AbortSignal.timeout(TIMEOUT_MS),
    })
  return {
    async put(key, bytes, mediaType) {
      const body = new Uint8Array(bytes)
      const answer = await call(key, { method: 'PUT', body, headers: { 'content-type': mediaType } })
      if (!answer.ok) throw new Error(`object storage refused to keep ${key}: ${answer.status}`)
    },
    async get(key) {
      const answer = await call(key, { method: 'GET' })
      if (answer.status === 404) return null
      if (!answer.ok) throw new Error(`object storage refused to give ${key}: ${answer.status}`)
      return new Uint8Array(await answer.arrayBuffer())
    },
  }
}
