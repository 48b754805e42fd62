import { useEffect, useRef, useState } from 'react';

/** How long a counter takes from its old value to its new one, in ms. */
const COUNT_MS = 600;

/** A number that counts once from its old value to its new one; at once where motion is reduced or nothing is seen. */
export function useCountUp(value: number): number {
  const [shown, setShown] = useState(value);
  const from = useRef(value);
  useEffect(() => {
    const start = from.current;
    const still = matchMedia('(prefers-reduced-motion: reduce)').matches || document.hidden;
    if (start === value || still) {
      from.current = value;
      setShown(value);
      return undefined;
    }
    let began: number | null = null;
    let frame = requestAnimationFrame(function count(now) {
      began ??= now;
      const part = Math.min(1, (now - began) / COUNT_MS);
      const eased = 1 - (1 - part) ** 3;
      from.current = Math.round(start + (value - start) * eased);
      setShown(from.current);
      if (part < 1) frame = requestAnimationFrame(count);
    });
    return () => cancelAnimationFrame(frame);
  }, [value]);
  return shown;
}
