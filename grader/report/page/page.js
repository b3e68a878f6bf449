"use strict";
(() => {
  const root = document.documentElement;
  const stored = {
    get: () => { try { return localStorage.getItem("unblocked-theme"); } catch { return null; } },
    set: (theme) => { try { localStorage.setItem("unblocked-theme", theme); } catch { /* a page from a file may keep nothing */ } },
  };

  // The switch of themes: as the system, light, dark.
  const order = ["auto", "light", "dark"];
  const button = document.getElementById("theme");
  const dress = (theme) => {
    if (theme === "auto") delete root.dataset.theme; else root.dataset.theme = theme;
    button.textContent = button.dataset[theme];
    button.value = theme;
  };
  button.hidden = false;
  dress(order.includes(stored.get()) ? stored.get() : "auto");
  button.addEventListener("click", () => {
    const next = order[(order.indexOf(button.value) + 1) % order.length];
    dress(next);
    stored.set(next);
  });

  // A link to something inside a closed check opens it and takes the focus along.
  const visit = () => {
    const target = document.getElementById(location.hash.slice(1));
    if (!target) return;
    for (let box = target.closest("details"); box; box = box.parentElement.closest("details")) box.open = true;
    target.scrollIntoView();
    target.focus({ preventScroll: true });
  };
  addEventListener("hashchange", visit);
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[href^='#']");
    if (link && link.hash === location.hash) visit();
  });
  visit();

  const tip = document.getElementById("tip");
  const near = (x, y) => {
    const box = tip.getBoundingClientRect();
    const left = Math.max(8, Math.min(x + 14, innerWidth - box.width - 8));
    const top = y + 18 + box.height > innerHeight ? y - box.height - 12 : y + 18;
    tip.style.transform = `translate(${left}px, ${top}px)`;
  };

  const MOST = 64;
  const roundStep = (least) => {
    const unit = 10 ** Math.floor(Math.log10(least));
    return [1, 2, 5, 10].map((times) => unit * times).find((step) => step >= least * 0.999999999);
  };

  for (const figure of document.querySelectorAll(".timeline")) {
    const pan = figure.querySelector(".pan");
    const axis = figure.querySelector(".axis");
    const readout = figure.querySelector(".readout");
    const length = Number(figure.dataset.length);
    const bars = [...figure.querySelectorAll("[data-w]")].sort((a, b) => a.dataset.w - b.dataset.w);
    const words = (bar) => figure.querySelector(`[data-is="${bar.dataset.w}"]`).textContent.replace(/\s+/g, " ").trim();
    let zoom = 1;
    let chosen = -1;

    const label = () => {
      for (const bar of bars) {
        const width = parseFloat(bar.getAttribute("width")) / 100 * pan.clientWidth * zoom;
        bar.classList.toggle("narrow", width < 26);
      }
      if (!length) return;
      const step = roundStep(length / Math.max(3, (pan.clientWidth * zoom) / 110));
      const digits = Math.max(0, -Math.floor(Math.log10(step)));
      const ticks = [];
      for (let n = 0; n * step <= length * 1.000001; n += 1) {
        const x = `${(100 * n * step) / length}%`;
        ticks.push(["line", { x1: x, x2: x, y1: 0, y2: "100%" }, ""], ["text", { x, dx: 4, y: 13 }, n * step < length * 0.97 || zoom > 1 ? `${(n * step).toFixed(digits)} s` : ""]);
      }
      axis.replaceChildren(...ticks.map(([name, attributes, text]) => {
        const node = document.createElementNS("http://www.w3.org/2000/svg", name);
        for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
        node.textContent = text;
        return node;
      }));
    };

    const show = (next, around = pan.clientWidth / 2) => {
      const share = (pan.scrollLeft + around) / (pan.clientWidth * zoom);
      zoom = Math.min(MOST, Math.max(1, next));
      pan.style.setProperty("--zoom", zoom);
      pan.scrollLeft = share * pan.clientWidth * zoom - around;
      label();
    };

    const choose = (place) => {
      if (!bars.length) return;
      bars[chosen]?.classList.remove("on");
      chosen = Math.min(bars.length - 1, Math.max(0, place));
      const bar = bars[chosen];
      bar.classList.add("on");
      readout.textContent = words(bar);
      const box = bar.getBoundingClientRect();
      const frame = pan.getBoundingClientRect();
      if (box.left < frame.left || box.left > frame.right - 40) pan.scrollLeft += box.left - frame.left - 40;
    };

    const keys = {
      ArrowRight: () => choose(chosen + 1),
      ArrowDown: () => choose(chosen + 1),
      ArrowLeft: () => choose(chosen - 1),
      ArrowUp: () => choose(chosen - 1),
      Home: () => choose(0),
      End: () => choose(bars.length - 1),
      "+": () => show(zoom * 1.5),
      "=": () => show(zoom * 1.5),
      "-": () => show(zoom / 1.5),
      0: () => show(1),
    };
    pan.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey || !keys[event.key]) return;
      event.preventDefault();
      keys[event.key]();
    });
    pan.addEventListener("wheel", (event) => {
      if (!event.ctrlKey) return;
      event.preventDefault();
      show(zoom * (event.deltaY < 0 ? 1.25 : 0.8), event.clientX - pan.getBoundingClientRect().left);
    }, { passive: false });
    pan.addEventListener("pointermove", (event) => {
      const bar = event.target.closest("[data-w]");
      tip.hidden = !bar;
      if (!bar) return;
      tip.textContent = words(bar);
      near(event.clientX, event.clientY);
    });
    pan.addEventListener("pointerleave", () => { tip.hidden = true; });
    pan.addEventListener("click", (event) => {
      const bar = event.target.closest("[data-w]");
      if (bar) choose(bars.indexOf(bar));
    });

    const buttons = figure.querySelector(".zoom");
    buttons.hidden = false;
    buttons.addEventListener("click", (event) => {
      const way = event.target.dataset.zoom;
      if (way) show({ in: zoom * 1.5, out: zoom / 1.5, all: 1 }[way]);
    });
    new ResizeObserver(() => { if (pan.clientWidth) label(); }).observe(pan);
  }
})();
