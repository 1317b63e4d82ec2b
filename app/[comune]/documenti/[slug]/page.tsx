import { ContentItemPage, type ItemProps, itemMetadata } from '../../_contenuti/item-page.tsx'

export const generateMetadata = itemMetadata('document')

export default function DocumentItem(props: ItemProps) {
  return <ContentItemPage kind="document" {...props} />
}
