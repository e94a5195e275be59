"""Ladder: XBlocks, authoring tools and a course for the staged onboarding of call-centre agents."""

import re
from pathlib import Path

from setuptools import find_packages, setup

HERE = Path(__file__).parent
VERSION = re.search(r'__version__ = "(.+)"', (HERE / "xblocks/ladder/__init__.py").read_text(encoding="utf-8"))[1]
BLOCKS = ("stage", "lesson", "article", "case", "exam", "mistakes")

setup(
    name="xblock-ladder",
    version=VERSION,
    description="Staged onboarding training for call-centre agents on Open edX",
    long_description=(HERE / "README.md").read_text(encoding="utf-8") if (HERE / "README.md").exists() else "",
    long_description_content_type="text/markdown",
    license="Apache-2.0",
    python_requires=">=3.11.5",  # before, possessive quantifiers match what they should not
    packages=[*find_packages("xblocks"), *find_packages("scripts")],
    package_dir={"ladder": "xblocks/ladder", "ladder_tools": "scripts/ladder_tools"},
    package_data={
        "ladder": ["py.typed", "templates/ladder/*.html", "templates/ladder/icons/*", "public/*", "locale/*/LC_MESSAGES/*"],
        "ladder_tools": [
            "py.typed", "formats/*/*.css",
            "preview/templates/preview/*.html", "preview/static/preview/*", "preview/locale/*/LC_MESSAGES/*",
        ],
    },
    # What the LMS needs. All of it but the Markdown extensions and openpyxl is in a stock Open edX already. The oldest versions
    # are those of constraints-oldest.txt; a ceiling is where a newer release asks for more than the platform has pinned.
    install_requires=[
        "XBlock>=5.2",
        "Django>=4.2,<6",
        "lxml>=5.3",
        "Markdown>=3.8",
        "pymdown-extensions>=12,<13.1",  # 13.1 asks for Markdown 3.10.3
        "bleach>=6.2",
        "nh3>=0.2.21",
        "PyYAML>=6.0.2",
        "edx-opaque-keys>=3.0",
        "edx-submissions>=3.11.1",
        "openpyxl>=3.1",
        "web-fragments>=3.1",
    ],
    extras_require={
        "author": [
            "XBlock[django]>=5.2", "xblock-sdk>=0.13", "click>=8.1", "rich>=13", "watchfiles>=0.21", "waitress>=3", "xlrd>=2.0.1",
            "olefile>=0.47", "python-docx>=1.1",
        ],
        # For the tests; Open edX brings its own.
        "mysql": ["mysqlclient>=2.2.7"],
        "postgres": ["psycopg[binary]>=3.1.8"],
        "dev": [
            "pytest", "hypothesis", "playwright", "olxcleaner==0.3.0", "ruff", "mypy", "import-linter", "babel", "types-PyYAML",
            "build", "xlwt", "edx-completion", "django-crum", "edx-django-utils",
        ],
    },
    entry_points={
        "xblock.v1": [f"ladder_{name} = ladder.{name}:{name.capitalize()}Block" for name in BLOCKS],
        "lms.djangoapp": ["ladder = ladder.apps:LadderConfig"],
        "cms.djangoapp": ["ladder = ladder.apps:LadderConfig"],
        "console_scripts": ["ladder = ladder_tools.cli:main"],
    },
    classifiers=[
        "Framework :: Django",
        "License :: OSI Approved :: Apache Software License",
        "Natural Language :: Chinese (Simplified)",
        "Natural Language :: English",
        "Programming Language :: Python :: 3.11",
        "Programming Language :: Python :: 3.12",
        "Topic :: Education",
    ],
)
