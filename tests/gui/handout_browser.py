#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A lesson's page in Chromium: what can be read before an answer, and after it. What is hidden is
not printed either, so the words of the printed page are those that can be seen."""
import pathlib
import shutil
import subprocess
import sys
import tempfile

FLAGS = ['--headless', '--no-sandbox', '--disable-gpu', '--no-first-run',
         '--disable-background-networking', '--disable-component-update', '--disable-sync']


def words(page, folder):
    pdf = folder / 'page.pdf'
    subprocess.run(['chromium', *FLAGS, f'--user-data-dir={folder}/profile',
                    f'--print-to-pdf={pdf}', page.as_uri()],
                   check=True, capture_output=True, timeout=120)
    text = subprocess.run(['pdftotext', '-raw', str(pdf), '-'], check=True, capture_output=True,
                          text=True).stdout
    return ' '.join(text.split())


def press(html, *buttons):
    """The page with these buttons pressed: each is the beginning of its attributes."""
    for button in buttons:
        assert html.count(button) == 1, button
        html = html.replace(button, 'checked="checked" ' + button)
    return html


def main():
    program, root = sys.argv[1:]
    if not shutil.which('chromium') or not shutil.which('pdftotext'):
        print('1..0 # SKIP chromium or pdftotext is not installed')
        return
    question_1, check_1 = 'name="question-1" class="option ', 'name="answer-1" class="go check"'
    skip_1 = 'name="answer-1" class="go skip"'
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name:
        folder = pathlib.Path(name)
        page = folder / 'lesson.html'
        subprocess.run([program, 'export', f'{root}/lessons/11-lost-update.md', '-o', str(page)],
                       check=True)
        html = page.read_text()

        def seen(*buttons):
            page.write_text(press(html, *buttons))
            return words(page, folder)

        before = seen()
        right = seen(question_1 + 'o2', check_1)
        wrong = seen(question_1 + 'o3', check_1)
        skipped = seen(skip_1)
    rest, later = 'A name for every version', 'Two saves in the same moment'
    results = [
        ('the question can be read', 'What does the page say afterwards?' in before),
        ('nothing below it can', rest not in before and 'What happened' not in before),
        ('the run of a wrong belief is not shown', 'proves it' not in before),
        ('a right answer opens what follows', 'As you predicted' in right and rest in right),
        ('the next question hides its own', later not in right),
        ('a wrong answer is told apart', 'It went another way' in wrong and rest in wrong),
        ('and is answered with its run', 'proves it' in wrong and 'proves it' not in right),
        ('who skips reads on, without a verdict', 'Not predicted' in skipped and rest in skipped),
    ]
    print(f'1..{len(results)}')
    for i, (what, holds) in enumerate(results, 1):
        print(f'{"ok" if holds else "not ok"} {i} - {what}')


main()
