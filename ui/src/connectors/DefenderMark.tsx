/** A shield of our own for the Defender connector; it is not the product's logo. */
export function DefenderMark({ size }: { size: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden className="mark">
      <path d="M16 2.500 27 6.500v8.800c0 6.700-4.600 11.500-11 14.200z" fill="#2b88d8" />
      <path d="M16 2.500 5 6.500v8.800c0 6.700 4.600 11.500 11 14.200z" fill="#0f5ea8" />
      <path d="M16 9v13.500c3.300-1.600 5.600-4.200 5.600-7.700v-4z" fill="#cfe4f7" />
    </svg>
  );
}
