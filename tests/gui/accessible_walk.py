#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A lesson by the accessible tree alone, as a screen reader has it: nothing is looked at, no key is
pressed, no pointer moved. accessible_walk.py PROGRAM LESSON, in a session bus of its own.

Nothing is waited for by the clock: what the program tells over the bus is what makes this look again."""
import os
import subprocess
import sys
import tempfile

try:
    import gi
    gi.require_version('Atspi', '2.0')
    from gi.repository import Atspi, GLib
except (ImportError, ValueError):
    print('1..0 # SKIP python3-gi or gir1.2-atspi-2.0 is not installed')
    sys.exit(0)

LAUNCHER = '/usr/libexec/at-spi-bus-launcher'
# Before it gives up.
PATIENCE_SECONDS = 60
# What may make true what was not.
EVENTS = ('object:children-changed', 'object:state-changed', 'object:property-change',
          'object:text-changed', 'object:visible-data-changed', 'window:create', 'window:activate')
# What can be acted on: a name is all that a screen reader has of it.
NAMED = {'push button', 'toggle button', 'check box', 'radio button', 'combo box', 'slider', 'entry',
         'text', 'list', 'page tab', 'progress bar', 'spin button'}
# A widget that was given no name is announced as its type.
TYPES = ('Gtk', 'Adw', 'Rt')
PANES = ('Lesson', 'Timeline and playback', 'Inspector')


def walk(node, roles=()):
    """Every node below, with the roles of those that it stands in."""
    yield node, roles
    role = node.get_role_name()
    for i in range(node.get_child_count()):
        child = node.get_child_at_index(i)
        if child is not None:
            yield from walk(child, roles + (role,))


def find(root, role, *beginnings):
    """The nodes of a role whose name begins so."""
    return [node for node, _ in walk(root)
            if node.get_role_name() == role and (node.get_name() or '').startswith(beginnings or '')]


def look(root, what):
    """What @what gives; the tree may be rebuilt while it is read."""
    try:
        root.clear_cache()
        return what()
    except GLib.Error:
        return None


def wait(root, what):
    """What @what gives, once it gives something."""
    loop, late = GLib.MainContext.default(), []
    guard = GLib.timeout_add_seconds(PATIENCE_SECONDS, lambda: late.append(True) or True)
    found = look(root, what)
    while not found and not late:
        loop.iteration(True)
        while loop.pending():
            loop.iteration(False)
        found = look(root, what)
    GLib.source_remove(guard)
    return found


def press(node, *names):
    """Does what a node is there for; GTK calls it "click" where the action is its own."""
    actions = [Atspi.Action.get_action_name(node, i) for i in range(node.get_n_actions())]
    return node.do_action(next(actions.index(name) for name in names or ('click', 'option.tick')
                               if name in actions))


def can_press(node):
    return node.get_state_set().contains(Atspi.StateType.SENSITIVE)


def messages(window):
    return [item.get_name() for timeline in find(window, 'list', 'Timeline')
            for item in find(timeline, 'list item')]


def nameless(window):
    """A drop-down's own button and a search entry's own text are named by what they stand in."""
    return [f'{node.get_role_name()} {node.get_name()!r} in {" > ".join(roles[-4:])}'
            for node, roles in walk(window)
            if node.get_role_name() in NAMED and not {'combo box', 'entry'} & set(roles)
            and (not node.get_name() or node.get_name().startswith(TYPES))]


def start(program, lesson, folder):
    environment = dict(os.environ, XDG_DATA_HOME=folder, XDG_CONFIG_HOME=folder,
                       XDG_CACHE_HOME=folder)
    environment.pop('GTK_A11Y', None)
    return subprocess.Popen([program, lesson], env=environment, stdout=subprocess.DEVNULL)


def application():
    desktop = Atspi.get_desktop(0)
    for i in range(desktop.get_child_count()):
        child = desktop.get_child_at_index(i)
        if child is not None and child.get_name() == 'roundtrip' and find(child, 'push button',
                                                                          'Next step'):
            return child
    return None


def take_lesson(window):
    """Yields (what must hold, whether it does, what was found instead)."""
    panes = [name for name in PANES if not find(window, 'panel', name)]
    yield 'each pane has a name', not panes, panes
    for i in range(4):
        if find(window, 'panel', 'Prediction'):
            break
        press(find(window, 'push button', 'Next step')[0])
        wait(window, lambda: find(window, 'label', 'THE LOST')
             or find(window, 'panel', 'Prediction'))
    cards = wait(window, lambda: find(window, 'panel', 'Prediction'))
    yield 'the pages lead to a prediction', cards, None
    card = cards[0]
    options = find(card, 'radio button') + find(card, 'check box')
    yield 'its options can be told apart', len({option.get_name() for option in options}) > 2, options
    check = find(card, 'push button', 'Check and play')[0]
    yield 'it cannot be checked without an answer', not can_press(check), None
    before = wait(window, lambda: messages(window))
    yield 'the timeline lists the messages that are in sight', before, before
    yield 'no item stands for nothing', all(before), before
    yield 'nothing that was not predicted yet is said', not any('412' in m or 'PUT' in m
                                                               for m in before), before
    yield 'no verdict is in the tree', not find(window, 'label', 'What happened'), None
    yield 'all that can be acted on has a name', not nameless(window), nameless(window)
    press(options[1])
    yield 'the tick is said', wait(window, lambda: options[1].get_state_set().contains(
        Atspi.StateType.CHECKED)), None
    yield 'the answer can be checked', wait(window, lambda: can_press(check)), None
    press(check)
    verdict = wait(window, lambda: find(window, 'label', '✓ As you predicted',
                                        '✗ It went another way'))
    yield 'the verdict can be read', verdict, None
    yield 'and what happened', find(window, 'label', 'What happened'), None
    slider = find(window, 'slider', 'Where playback stands')[0]
    after = wait(window, lambda: [m for m in messages(window) if 'PUT' in m])
    yield 'it plays', after, messages(window)
    wait(window, lambda: not find(window, 'push button', 'Pause'))
    yield 'playback comes to its end', slider.get_current_value() > 0, slider.get_current_value()
    yield 'what was played can be read', find_said(window, 'PUT', '204'), messages(window)
    yield 'each message says what it is', all(': ' in m for m in messages(window)), None
    yield 'all that came has a name, too', not nameless(window), nameless(window)
    yield from inspect(window)
    yield from go_on(window)


def find_said(window, *words):
    """Whether each word stands in what is said of some message."""
    return all(any(word in message for message in messages(window)) for word in words)


def labels(window, pane):
    return [node.get_name() for panel in find(window, 'panel', pane)
            for node in find(panel, 'label')]


def focused(pane):
    return [node for node, _ in walk(pane)
            if node.get_state_set().contains(Atspi.StateType.FOCUSED)]


def inspect(window):
    press(find(window, 'frame')[0], 'win.inspect')
    fields = wait(window, lambda: [pane for pane in find(window, 'list', 'Fields')
                                   if focused(pane)])
    yield 'inspecting leads into the fields', fields, None
    said = labels(window, 'Inspector')
    yield 'the message that is selected can be read', '200 OK  HTTP/1.1' in said, said
    yield 'and what its fields mean', any(label.startswith('When the message was made')
                                          for label in said), said


def go_on(window):
    following = find(window, 'push button', 'Next step')[0]
    yield 'the text goes on', wait(window, lambda: can_press(following)), None
    press(following)
    yield 'to the next page', wait(
        window, lambda: 'A name for every version' in labels(window, 'Lesson')), \
        labels(window, 'Lesson')


def main():
    program, lesson = sys.argv[1:]
    results, launcher = [], None
    if os.path.exists(LAUNCHER):
        launcher = subprocess.Popen([LAUNCHER, '--launch-immediately'],
                                    stdout=subprocess.DEVNULL)
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        listener = Atspi.EventListener.new(lambda event: None)
        for name in EVENTS:
            listener.register(name)
        process = start(program, lesson, folder)
        # Its end is something to wake up for, too.
        GLib.child_watch_add(GLib.PRIORITY_DEFAULT, process.pid, lambda pid, status: None)
        try:
            desktop = Atspi.get_desktop(0)
            window = wait(desktop, lambda: application() or process.poll() is not None)
            if process.poll() is not None:
                sys.exit(f'the window is gone: {process.returncode}')
            results.append(('the window is in the accessible tree', window, None))
            if window is not None:
                results.extend(take_lesson(window))
        finally:
            process.terminate()
            process.wait()
            if launcher is not None:
                launcher.terminate()
                launcher.wait()
    print(f'1..{len(results)}')
    for number, (sentence, holds, found) in enumerate(results, 1):
        print(f'{"ok" if holds else "not ok"} {number} - {sentence}')
        if not holds and found is not None:
            print(f'# found: {found}')
    sys.exit(0 if all(holds for _, holds, _ in results) else 1)


if __name__ == '__main__':
    main()
