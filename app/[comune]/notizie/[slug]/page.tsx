import { ContentItemPage, type ItemProps, itemMetadata } from '../../_contenuti/item-page.tsx'

export const generateMetadata = itemMetadata('news')

export default function NewsItem(props: ItemProps) {
  return <ContentItemPage kind="news" {...props} />
}
