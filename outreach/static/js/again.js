// Looks again every three seconds, for a page that waits for something.
setTimeout(() => window.location.reload(), 3000);
