import type { Metadata } from 'next'
import { requestAddress } from '#app/request-path.ts'
import { Shell } from '#components/shell/shell.tsx'
import { readWords } from '#lib/words/words.request.ts'

export async function generateMetadata(): Promise<Metadata> {
  const t = await readWords()
  return { title: t('Pagina non trovata') }
}

/** Every page carries it in its payload: it is no more than an address. */
export default async function NotFound() {
  return <Shell part="not-in-portal" address={await requestAddress()} />
}
