import type { Metadata } from 'next'
import { DeskListPage, type DeskListProps } from '../_contenuti/list-page.tsx'

export const metadata: Metadata = { title: 'Notizie' }

export default function NewsDesk(props: DeskListProps) {
  return <DeskListPage kind="news" {...props} />
}
