import type { Metadata } from 'next'
import { OfficeListPage, type OfficeListProps } from '../_contenuti/list-page.tsx'

export const metadata: Metadata = { title: 'Notizie' }

export default function OfficeNews(props: OfficeListProps) {
  return <OfficeListPage kind="news" {...props} />
}
