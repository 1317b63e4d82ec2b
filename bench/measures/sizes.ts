import { type Bench, type Side, startEmptyPage, startPortal } from '../bench.ts'
import { ROWS } from '../rows.ts'
import { type Sizes, sizesOf } from '../sizes.ts'
import { bodyFor } from '../targets.ts'

export type SizesResult = { page: string; arm: string; sizes: Sizes }[]

async function sizesOn(bench: Bench, side: Side): Promise<SizesResult> {
  const server = await startPortal(bench, side, 1)
  const [visitor] = side.visitors
  if (!visitor) throw new Error('no visitor is signed in')
  const found: SizesResult = []
  for (const { title, path, kind } of ROWS) {
    if (kind !== 'page') continue
    const sizes = sizesOf(await bodyFor(`${server.origin}${path}`, visitor))
    found.push({ page: title, arm: side.name, sizes })
  }
  await server.stop()
  return found
}

/** Bytes of each page, of its flight payload, and its elements; those of an empty page beside them. */
export async function measureSizes(bench: Bench): Promise<SizesResult> {
  const empty = await startEmptyPage(bench)
  const sizes = sizesOf(await bodyFor(`${empty.origin}/`, { cookie: '' }))
  await empty.stop()
  return [
    ...(await sizesOn(bench, bench.here)),
    ...(bench.against ? await sizesOn(bench, bench.against) : []),
    { page: 'empty page of Next', arm: 'empty page', sizes },
  ]
}
