/** @param {{ children: import('react').ReactNode }} props */
export default function Layout({ children }) {
  return (
    <html lang="it">
      <body>{children}</body>
    </html>
  )
}
