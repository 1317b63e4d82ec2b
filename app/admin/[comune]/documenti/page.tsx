import type { Metadata } from 'next'
import { DeskListPage, type DeskListProps } from '../_contenuti/list-page.tsx'

export const metadata: Metadata = { title: 'Documenti' }

export default function DocumentsDesk(props: DeskListProps) {
  return <DeskListPage kind="document" {...props} />
}
