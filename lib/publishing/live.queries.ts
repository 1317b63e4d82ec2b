import 'server-only'
import { sql } from 'kysely'

/** What is public, asked of a `content_item` called `i`: the same words as the row-level policy, the same clock. */
export const isLive = sql<boolean>`(i.published_version is not null and i.withdrawn_at is null
  and i.publish_at <= app_now() and (i.expire_at is null or i.expire_at > app_now()))`
