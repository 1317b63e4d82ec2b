import type { Metadata } from 'next'
import { NewContentPage, type NewProps } from '../../_contenuti/editor-page.tsx'

export const metadata: Metadata = { title: 'Nuova notizia' }

export default function NewNews(props: NewProps) {
  return <NewContentPage kind="news" {...props} />
}
