export { default as NotesSheet } from './NotesSheet.svelte';
export { default as RecordPanel } from './RecordPanel.svelte';
export { default as ByteView } from './ByteView.svelte';
export { default as FieldList } from './FieldList.svelte';
export { default as FaultBanner } from './FaultBanner.svelte';
export { default as ChainStrip } from './ChainStrip.svelte';
