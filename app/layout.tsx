export default function Layout({ children }: { children: React.ReactNode }) { return <html lang="it"><body>{children}</body></html> }
