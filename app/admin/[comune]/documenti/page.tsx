import type { Metadata } from 'next'
import { OfficeListPage, type OfficeListProps } from '../_contenuti/list-page.tsx'

export const metadata: Metadata = { title: 'Documenti' }

export default function OfficeDocuments(props: OfficeListProps) {
  return <OfficeListPage kind="document" {...props} />
}
